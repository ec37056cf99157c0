/* Resampling with FIR filters: upfirdn2d of Karras et al. 2020. */
#ifndef SG_OPS_UPFIRDN_H
#define SG_OPS_UPFIRDN_H

#include "tensor/tape.h"

/* Factors and padding per axis; padding counts pixels of the upsampled image, negative crops. */
typedef struct sg_upfirdn_options {
    int up_x, up_y, down_x, down_y;
    int pad_x0, pad_x1, pad_y0, pad_y1;
    bool flip_filter; /* correlate instead of convolve */
    double gain;
} sg_upfirdn_options;

/* Returns no resampling, no padding, gain 1. */
sg_upfirdn_options sg_upfirdn_defaults(void);

/*
 * Upsamples x [N, H, W, C] by inserting zeros, pads it, filters it with `filter` [FH, FW] (a
 * constant) and keeps every down-th pixel: [N, (H * up + pads - FH) / down + 1, ..., C].
 */
sg_tensor *sg_upfirdn(sg_tensor *x, sg_tensor *filter, sg_upfirdn_options options);

/*
 * Returns the options of the official upsample2d and downsample2d (factor 1: filter2d) for a filter
 * of this size; the padding keeps the picture centred.
 */
sg_upfirdn_options sg_upsample_options(const sg_shape *filter, int factor);
sg_upfirdn_options sg_downsample_options(const sg_shape *filter, int factor);

#endif
