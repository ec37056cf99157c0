/* The filtered leaky ReLU of StyleGAN3 (Karras et al. 2021, section 3.2). */
#ifndef SG_OPS_FILTERED_LRELU_H
#define SG_OPS_FILTERED_LRELU_H

#include "tensor/tape.h"

/* Resampling, padding and activation. */
typedef struct sg_filtered_lrelu_options {
    int up, down;                       /* factors before and after the activation */
    int pad_x0, pad_x1, pad_y0, pad_y1; /* of the upsampled image; negative crops */
    double gain, slope;                 /* gain of the activation, slope left of zero */
    double clamp;                       /* of the activation's result; no limit when negative */
    sg_storage *result; /* borrowed: may hold the result when the tape is off; NULL for a new one */
} sg_filtered_lrelu_options;

/*
 * Adds bias [C] to x [N, H, W, C], upsamples with `up_filter`, applies clamp(gain * leaky ReLU) and
 * downsamples with `down_filter`: [N, (H * up + pads - UF + 1 - DF) / down + 1, ..., C]. A filter
 * is [F], applied in both axes, or [FH, FW], by true convolution; NULL filters nothing. Filters are
 * constants; `bias` may be NULL.
 */
sg_tensor *sg_filtered_lrelu(sg_tensor *x, sg_tensor *up_filter, sg_tensor *down_filter,
                             sg_tensor *bias, sg_filtered_lrelu_options options);

#endif
