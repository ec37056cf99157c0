/* A data set of some of another's pictures. */
#ifndef SG_DATA_KINDS_SUBSET_DATASET_H
#define SG_DATA_KINDS_SUBSET_DATASET_H

#include "data/dataset.h"

/*
 * Makes a data set in *subset of `count` pictures of `source`, which it owns from now on, also on
 * failure. The choice is that of the official programs' --subset: all numbers are shuffled by
 * NumPy's RandomState(seed modulo 2^31), and the first `count`, or with `from_end` the last, are
 * taken in ascending order. Fails
 * with SG_ERROR_ARGUMENT for a count of 0 or more than there are, and with SG_ERROR_MEMORY; *subset
 * is NULL then.
 */
sg_status sg_dataset_choose(sg_dataset *source, size_t count, bool from_end, uint64_t seed,
                            sg_dataset **subset, sg_error *error);

#endif
