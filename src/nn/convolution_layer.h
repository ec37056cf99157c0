/*
 * A convolution with equalised learning rate, optional resampling, bias and activation: the
 * official Conv2dLayer, which discriminators, growing networks and the residual generator's
 * shortcuts are made of.
 */
#ifndef SG_NN_CONVOLUTION_LAYER_H
#define SG_NN_CONVOLUTION_LAYER_H

#include "nn/parameter.h"
#include "ops/activation.h"

typedef struct sg_convolution_layer {
    sg_tensor *weight; /* [out, in, k, k], standard normal at the start; borrowed */
    sg_tensor *bias;   /* [out], or NULL */
    sg_tensor *filter; /* [taps, taps]; NULL when not resampling */
    sg_tensor *blur;   /* after upsampling or before downsampling, or NULL; borrowed */
    int up, down, padding;
    bool reversed;      /* the kernel, as in a true convolution */
    bool direct;        /* as sg_convolution_options has it */
    double weight_gain; /* 1 / sqrt(in * k * k); with gain_in_weight, times the activation's */
    bool gain_in_weight;
    double clamp; /* negative: none */
    sg_activation activation;
} sg_convolution_layer;

typedef struct sg_convolution_layer_options {
    int in_channels, out_channels, kernel_size;
    int up, down; /* 1 when not resampling */
    bool bias;
    bool reversed;       /* whether it convolves truly, its kernel reversed, or correlates */
    bool direct;         /* as sg_convolution_options has it */
    bool gain_in_weight; /* the activation's gain comes before the bias, as until StyleGAN2 */
    sg_activation activation;
    double clamp;
    const float *taps; /* of the resampling filter, kept as a buffer; NULL: `filter` */
    int tap_count;
    sg_tensor *filter, *blur; /* borrowed, or NULL */
} sg_convolution_layer_options;

/* Adds "PREFIX.weight", "PREFIX.bias" when there is one, "PREFIX.resample_filter" of taps. */
sg_convolution_layer sg_convolution_layer_create(sg_parameter_set *set, const char *prefix,
                                                 sg_convolution_layer_options options);

/* The resampling, blur and convolution without bias and activation. */
sg_tensor *sg_convolution_layer_convolve(const sg_convolution_layer *layer, sg_tensor *x);

/* [N, H, W, in] to [N, H', W', out]; `gain` multiplies the activation's gain and the clamp. */
sg_tensor *sg_convolution_layer_forward(const sg_convolution_layer *layer, sg_tensor *x,
                                        double gain);

#endif
