/* The resampling filter of blocks and layers, a buffer. */
#ifndef SG_NN_RESAMPLE_FILTER_H
#define SG_NN_RESAMPLE_FILTER_H

#include "nn/parameter.h"

/*
 * Adds the buffer "PREFIX.resample_filter", [taps, taps]: the outer product of the taps, normalised
 * to a sum of 1. The result is borrowed; NULL (error in the context) on failure.
 */
sg_tensor *sg_resample_filter_create(sg_parameter_set *set, const char *prefix, const float *taps,
                                     int count);

/* Fills `filter` [taps, taps] with that product. */
void sg_resample_filter_fill(sg_tensor *filter, const float *taps);

#endif
