/* Convolution with up- or downsampling: conv2d_resample of the official programs. */
#ifndef SG_OPS_CONVOLUTION_RESAMPLE_CONVOLUTION_H
#define SG_OPS_CONVOLUTION_RESAMPLE_CONVOLUTION_H

#include "tensor/tape.h"

typedef struct sg_resample_options {
    int up, down;     /* integer factors; at most one of them above 1 is the usual case */
    int padding;      /* of the unresampled image, on each side */
    bool flip_weight; /* true: correlation, as deep learning's convolutions; false: true convolution
                       */
    bool direct;      /* as sg_convolution_options has it */
    double gain;      /* multiplies the weights */
} sg_resample_options;

/* No resampling, no padding, correlation, gain 1. */
sg_resample_options sg_resample_defaults(void);

/*
 * x [N, H, W, I] resampled with `filter` [FH, FW] and convolved with w [O, I, KH, KW] in the
 * cheapest order: [N, H * up / down, W * up / down, O] when `padding` is half the kernel. `filter`
 * may be NULL when up and down are 1.
 */
sg_tensor *sg_resample_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *filter,
                                   sg_resample_options options);

#endif
