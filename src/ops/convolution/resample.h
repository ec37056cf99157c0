/* Convolution with up- or downsampling: conv2d_resample of the official programs. */
#ifndef SG_OPS_CONVOLUTION_RESAMPLE_H
#define SG_OPS_CONVOLUTION_RESAMPLE_H

#include "ops/convolution/options.h"

/*
 * Resamples x [N, H, W, I] with `filter` [FH, FW] and convolves it with w [O, I, KH, KW], in the
 * cheapest order: [N, H * up / down, W * up / down, O] when `padding` is half the kernel. `filter`
 * may be NULL when up and down are 1.
 */
sg_tensor *sg_resample_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *filter,
                                   sg_resample_options options);

#endif
