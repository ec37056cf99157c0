/* A data set without files (IDX) as a collection of pictures. */
#ifndef SG_DATA_SOURCES_DATASET_SOURCE_H
#define SG_DATA_SOURCES_DATASET_SOURCE_H

#include "data/dataset.h"
#include "data/sources/picture_source.h"

/*
 * Makes a collection in *source of the pictures of `dataset`, which it owns from now on, also on
 * failure. Pictures are named by their index, and keep their labels if `labelled`. Fails as
 * sg_dataset_label and sg_dataset_check_labels do or with SG_ERROR_MEMORY; *source is NULL then.
 */
sg_status sg_dataset_source_create(const char *path, sg_dataset *dataset, bool labelled,
                                   sg_picture_source **source, sg_error *error);

#endif
