/* Options of the ops that convolve. */
#ifndef SG_OPS_CONVOLUTION_OPTIONS_H
#define SG_OPS_CONVOLUTION_OPTIONS_H

#include "ops/activation.h"

/* Options of sg_convolution and its adjoints. */
typedef struct sg_convolution_options {
    int stride_y, stride_x;
    int pad_top, pad_left, pad_bottom, pad_right;
    int groups;
    bool swapped_weights; /* w is IOHW; one group only */
    bool direct;          /* without Winograd's algorithm, whose copies of weights are larger */
    double gain; /* multiplies the weights at no cost: the equalised learning rate's scale */
} sg_convolution_options;

/* Returns stride 1, no padding, one group, gain 1. */
static inline sg_convolution_options sg_convolution_defaults(void)
{
    return (sg_convolution_options){.stride_y = 1, .stride_x = 1, .groups = 1, .gain = 1};
}

/* Options of sg_resample_convolution. */
typedef struct sg_resample_options {
    int up, down;     /* integer factors; usually at most one of them is above 1 */
    int padding;      /* of the unresampled image, on each side */
    bool flip_weight; /* correlates, as deep learning's convolutions do; false: convolves */
    bool direct;      /* see sg_convolution_options */
    double gain;      /* multiplies the weights */
} sg_resample_options;

/* Returns no resampling, no padding, correlation, gain 1. */
static inline sg_resample_options sg_resample_defaults(void)
{
    return (sg_resample_options){.up = 1, .down = 1, .flip_weight = true, .gain = 1};
}

/* Options of sg_modulated_convolution. */
typedef struct sg_modulated_options {
    sg_resample_options resample;
    bool demodulate;
    bool normalized; /* demodulate as if weights and styles had unit mean square (StyleGAN3) */
    sg_bias_act_options epilogue;
    bool pad_channels;  /* the result may have sg_padded_channels(O) channels, more than w has */
    sg_storage *result; /* borrowed: may hold the result when the tape is off; NULL for a new one */
} sg_modulated_options;

#endif
