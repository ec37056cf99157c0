/* The modulated layers of StyleGAN2 (Karras et al. 2020): convolution with noise, and to colours.
 */
#ifndef SG_NN_SYNTHESIS_LAYER_H
#define SG_NN_SYNTHESIS_LAYER_H

#include "nn/linear.h"
#include "nn/noise_layer.h"

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_synthesis_layer {
    sg_linear affine;  /* w to styles, bias 1 at the start */
    sg_tensor *weight; /* [out, in, k, k], standard normal at the start; borrowed */
    sg_tensor *bias;   /* [out] */
    sg_noise_layer noise;
    sg_tensor *filter;
    int up, height, width; /* of the result */
    double clamp;
    sg_activation activation;
} sg_synthesis_layer;

/* Sizes and options of a layer. */
typedef struct sg_synthesis_layer_options {
    int in_channels, out_channels, kernel_size, w_dim;
    int height, width; /* of the result */
    int up;
    bool use_noise;
    sg_activation activation;
    double clamp;
    const float *taps;
    int tap_count;
} sg_synthesis_layer_options;

/* Adds the layer's tensors under "PREFIX." in the official order. Failures are in the context. */
sg_synthesis_layer sg_synthesis_layer_create(sg_parameter_set *set, const char *prefix,
                                             sg_synthesis_layer_options options);

/* Takes [N, h, w, in] and w [N, w_dim] to [N, height, width, out]; `gain` multiplies the
 * activation's gain and the clamp. */
sg_tensor *sg_synthesis_layer_forward(const sg_synthesis_layer *layer, sg_tensor *x, sg_tensor *w,
                                      double gain, sg_synthesis_options options);

/* A 1x1 modulated convolution to colours, without demodulation. */
typedef struct sg_to_rgb_layer {
    sg_linear affine;
    sg_tensor *weight; /* [colours, in, 1, 1] */
    sg_tensor *bias;
    double weight_gain; /* 1 / sqrt(in), applied to the styles */
    double clamp;
} sg_to_rgb_layer;

/* Adds the layer's tensors under "PREFIX.". Failures are in the context. */
sg_to_rgb_layer sg_to_rgb_layer_create(sg_parameter_set *set, const char *prefix, int in_channels,
                                       int out_channels, int w_dim, double clamp);

/* Takes [N, H, W, in] and w [N, w_dim] to colours [N, H, W, out], which are shown to the tap. */
sg_tensor *sg_to_rgb_layer_forward(const sg_to_rgb_layer *layer, sg_tensor *x, sg_tensor *w,
                                   const sg_layer_tap *tap);

/*
 * Returns sg_to_rgb_layer_forward of sg_synthesis_layer_forward, each with its own w, where nobody
 * else needs the layer's result. With the tape off, a kernel that suits does not store that result.
 */
sg_tensor *sg_synthesis_layer_to_rgb(const sg_synthesis_layer *layer, const sg_to_rgb_layer *to_rgb,
                                     sg_tensor *x, sg_tensor *w, sg_tensor *to_rgb_w,
                                     sg_synthesis_options options);

#endif
