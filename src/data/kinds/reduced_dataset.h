/* A data set at a lower resolution: one level of its pyramid. */
#ifndef SG_DATA_KINDS_REDUCED_DATASET_H
#define SG_DATA_KINDS_REDUCED_DATASET_H

#include "data/dataset.h"

/*
 * Makes a data set in *reduced, which the caller destroys, of the pictures of `source` with height
 * and width divided by `factor`, a power of two that divides both; labels, order and name stay. A
 * pixel is the mean of factor * factor pixels of the full picture, rounded to the nearest byte
 * (halves to even). Small sets are kept in memory as they are read. `source` is borrowed until
 * *reduced is destroyed. Fails with SG_ERROR_ARGUMENT for another factor and with SG_ERROR_MEMORY;
 * *reduced is NULL then.
 */
sg_status sg_dataset_reduce(const sg_dataset *source, size_t factor, sg_dataset **reduced,
                            sg_error *error);

#endif
