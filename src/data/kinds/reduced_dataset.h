/* A data set's pictures at a lower resolution: one level of its pyramid. */
#ifndef SG_DATA_KINDS_REDUCED_DATASET_H
#define SG_DATA_KINDS_REDUCED_DATASET_H

#include "data/dataset.h"

/*
 * A data set in *reduced of the pictures of `source`, whose height and width are divided by
 * `factor`, a power of two that divides both; labels, order and name are the same. A pixel is the
 * mean of factor * factor pixels of the full picture, rounded to the nearest byte (halves to the
 * even one). Small pictures are kept once they were read. `source` is read until *reduced, which
 * the caller destroys, is gone. Fails with SG_ERROR_ARGUMENT for another factor and with
 * SG_ERROR_MEMORY; *reduced is NULL then.
 */
sg_status sg_dataset_reduce(const sg_dataset *source, size_t factor, sg_dataset **reduced,
                            sg_error *error);

#endif
