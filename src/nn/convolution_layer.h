/*
 * A convolution with equalised learning rate, optional resampling, bias and activation: the
 * official Conv2dLayer, used by discriminators, growing networks and the residual generator's
 * shortcuts.
 */
#ifndef SG_NN_CONVOLUTION_LAYER_H
#define SG_NN_CONVOLUTION_LAYER_H

#include "nn/parameter.h"
#include "ops/activation.h"

/* Sizes and options of a layer. */
typedef struct sg_convolution_layer_options {
    int in_channels, out_channels, kernel_size;
    int up, down; /* 1 when not resampling */
    bool bias;
    bool reversed;       /* reverses the kernel, as a true convolution does */
    bool direct;         /* see sg_convolution_options */
    bool gain_in_weight; /* applies the activation's gain before the bias, as before StyleGAN2 */
    sg_activation activation;
    double clamp;      /* no limit when negative */
    const float *taps; /* of the resampling filter, stored as a buffer; NULL to use `filter` */
    int tap_count;
    sg_tensor *filter; /* [taps, taps]; borrowed, or NULL */
    sg_tensor *blur;   /* after upsampling or before downsampling; borrowed, or NULL */
} sg_convolution_layer_options;

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_convolution_layer {
    sg_convolution_layer_options options; /* `filter` is that of the taps, where there are some */
    sg_tensor *weight;  /* [out, in, k, k], standard normal at the start; borrowed */
    sg_tensor *bias;    /* [out], or NULL */
    double weight_gain; /* 1 / sqrt(in * k * k); with gain_in_weight, times the activation's */
} sg_convolution_layer;

/* Adds "PREFIX.weight", "PREFIX.bias" with a bias, "PREFIX.resample_filter" with taps. Failures are
 * in the context. */
sg_convolution_layer sg_convolution_layer_create(sg_parameter_set *set, const char *prefix,
                                                 sg_convolution_layer_options options);

/* Resamples, blurs and convolves, without bias and activation. */
sg_tensor *sg_convolution_layer_convolve(const sg_convolution_layer *layer, sg_tensor *x);

/* Takes [N, H, W, in] to [N, H', W', out]; `gain` multiplies the activation's gain and the clamp.
 */
sg_tensor *sg_convolution_layer_forward(const sg_convolution_layer *layer, sg_tensor *x,
                                        double gain);

#endif
