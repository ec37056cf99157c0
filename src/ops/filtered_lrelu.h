/* The filtered leaky ReLU of StyleGAN3 (Karras et al. 2021, section 3.2). */
#ifndef SG_OPS_FILTERED_LRELU_H
#define SG_OPS_FILTERED_LRELU_H

#include "tensor/tape.h"

typedef struct sg_filtered_lrelu_options {
    int up, down;                       /* factors before and after the activation */
    int pad_x0, pad_x1, pad_y0, pad_y1; /* of the upsampled image; negative crops */
    double gain, slope;                 /* of the activation, and left of zero */
    double clamp;                       /* of the activation's result; none when negative */
    sg_storage *result; /* where the result may go when the tape is off, or NULL; borrowed */
} sg_filtered_lrelu_options;

/*
 * x [N, H, W, C] plus bias [C], upsampled by `up_filter`, clamp(gain * leaky ReLU), downsampled by
 * `down_filter`: [N, (H * up + pads - UF + 1 - DF) / down + 1, ..., C]. Filters are [F], which
 * stands for the product of itself in both axes, or [FH, FW], symmetric or convolved with; NULL
 * filters nothing. They are constants; `bias` may be NULL.
 */
sg_tensor *sg_filtered_lrelu(sg_tensor *x, sg_tensor *up_filter, sg_tensor *down_filter,
                             sg_tensor *bias, sg_filtered_lrelu_options options);

#endif
