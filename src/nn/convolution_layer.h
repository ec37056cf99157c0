/*
 * A convolution with equalised learning rate, optional resampling, bias and activation: the
 * official Conv2dLayer, which the discriminator and the residual generator's shortcuts are made of.
 */
#ifndef SG_NN_CONVOLUTION_LAYER_H
#define SG_NN_CONVOLUTION_LAYER_H

#include "nn/parameter.h"
#include "ops/activation.h"

typedef struct sg_convolution_layer {
    sg_tensor *weight; /* [out, in, k, k], standard normal at the start; borrowed */
    sg_tensor *bias;   /* [out], or NULL */
    sg_tensor *filter; /* [taps, taps] */
    int up, down, padding;
    double weight_gain; /* 1 / sqrt(in * k * k) */
    double clamp;       /* negative: none */
    sg_activation activation;
} sg_convolution_layer;

typedef struct sg_convolution_layer_options {
    int in_channels, out_channels, kernel_size;
    int up, down; /* 1 when not resampling */
    bool bias;
    sg_activation activation;
    double clamp;
    const float *taps; /* of the resampling filter */
    int tap_count;
} sg_convolution_layer_options;

/* Adds "PREFIX.weight", "PREFIX.bias" when there is one, "PREFIX.resample_filter". */
sg_convolution_layer sg_convolution_layer_create(sg_parameter_set *set, const char *prefix,
                                                 sg_convolution_layer_options options);

/* [N, H, W, in] to [N, H', W', out]; `gain` multiplies the activation's gain and the clamp. */
sg_tensor *sg_convolution_layer_forward(const sg_convolution_layer *layer, sg_tensor *x,
                                        double gain);

#endif
