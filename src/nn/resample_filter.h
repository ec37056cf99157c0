/* The resampling filter that blocks and layers carry as a buffer. */
#ifndef SG_NN_RESAMPLE_FILTER_H
#define SG_NN_RESAMPLE_FILTER_H

#include "nn/parameter.h"

/*
 * Adds the buffer "PREFIX.resample_filter": the product of the taps with themselves, [taps, taps],
 * normalised to a sum of 1. Borrowed; NULL (error in the context) on failure.
 */
sg_tensor *sg_resample_filter_create(sg_parameter_set *set, const char *prefix, const float *taps,
                                     int count);

/* Makes that product the values of `filter`, [taps, taps]. */
void sg_resample_filter_fill(sg_tensor *filter, const float *taps);

#endif
