/*
 * Zip archives of picture files, such as the official dataset_tool.py writes, as collections and as
 * data sets; see data/sources/picture_source.h. Archives are read through libzip.
 */
#ifndef SG_DATA_KINDS_ZIP_DATASET_H
#define SG_DATA_KINDS_ZIP_DATASET_H

#include "data/dataset_kind.h"
#include "data/sources/picture_source.h"

/* Whether the file at `path` starts or is named like a zip archive. */
bool sg_zip_recognises(const char *path);

/*
 * Lists the archive in *source, which the caller destroys; the archive stays open until then. Fails
 * with SG_ERROR_FORMAT when it is damaged, else as sg_picture_source_create does.
 */
sg_status sg_zip_source_open(const char *path, sg_picture_source **source, sg_error *error);

extern const sg_dataset_kind sg_zip_dataset_kind;

#endif
