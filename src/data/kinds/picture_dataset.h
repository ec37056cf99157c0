/* Data sets of picture files of one size, from any kind of collection. */
#ifndef SG_DATA_KINDS_PICTURE_DATASET_H
#define SG_DATA_KINDS_PICTURE_DATASET_H

#include "data/dataset.h"
#include "data/sources/picture_source.h"

/*
 * Makes a data set in *dataset of a collection, which it owns from now on, also on failure. Reads
 * the headers of all files. Fails with SG_ERROR_FORMAT and a sentence that names the first picture
 * that cannot be measured, has another shape than the first one, or has no label where others have
 * one; *dataset is NULL then.
 */
sg_status sg_picture_dataset_create(sg_picture_source *source, sg_dataset **dataset,
                                    sg_error *error);

#endif
