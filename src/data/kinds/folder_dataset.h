/* Folders of picture files, as collections and as data sets; see data/sources/picture_source.h. */
#ifndef SG_DATA_KINDS_FOLDER_DATASET_H
#define SG_DATA_KINDS_FOLDER_DATASET_H

#include "data/dataset_kind.h"
#include "data/sources/picture_source.h"

/*
 * Lists the folder with all below it, links included, in *source, which the caller destroys. Fails
 * with SG_ERROR_FILE when a folder cannot be read, else as sg_picture_source_create does.
 */
sg_status sg_folder_source_open(const char *path, sg_picture_source **source, sg_error *error);

extern const sg_dataset_kind sg_folder_dataset_kind;

#endif
