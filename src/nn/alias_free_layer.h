/*
 * StyleGAN3's layer (Karras et al. 2021, section 3.2 and appendix D): a modulated convolution of an
 * input normalised to unit magnitude, and a leaky ReLU between two lowpass filters; or a modulated
 * convolution to colours.
 */
#ifndef SG_NN_ALIAS_FREE_LAYER_H
#define SG_NN_ALIAS_FREE_LAYER_H

#include "nn/linear.h"
#include "nn/lowpass_filter.h"
#include "ops/filtered_lrelu.h"

/* Sizes, filters and constants of a layer. */
typedef struct sg_alias_free_layer_options {
    int w_dim, in_channels, out_channels, kernel_size;
    bool to_colours; /* without demodulation and activation */
    int in_size, out_size;
    int up, down; /* around the activation */
    sg_lowpass up_filter, down_filter;
    double clamp;              /* no limit when negative */
    double magnitude_ema_beta; /* decay of the tracked magnitude */
} sg_alias_free_layer_options;

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_alias_free_layer {
    sg_linear affine;         /* w to styles, bias 1 at the start */
    sg_tensor *weight;        /* [out, in, k, k], standard normal at the start; borrowed */
    sg_tensor *bias;          /* [out] */
    sg_tensor *magnitude_ema; /* scalar, a buffer: the mean square of the input, 1 at the start */
    sg_tensor *up_filter;     /* [taps], or NULL */
    sg_tensor *down_filter;   /* [taps] or [taps, taps], or NULL */
    sg_filtered_lrelu_options activation;
    double magnitude_ema_beta;
    bool to_colours;
} sg_alias_free_layer;

/* Adds the layer's tensors under "PREFIX.". Failures are in the context. */
sg_alias_free_layer sg_alias_free_layer_create(sg_parameter_set *set, const char *prefix,
                                               const sg_alias_free_layer_options *options);

/* Options of a pass through a layer. */
typedef struct sg_alias_free_pass {
    bool update_average; /* first moves magnitude_ema towards the mean square of x */
    /* Borrowed: may hold the convolution's and the layer's results when the tape is off; or NULL.
     */
    sg_storage *convolved, *result;
} sg_alias_free_pass;

/*
 * Takes [N, in_size, in_size, in] and w [N, w_dim] to [N, out_size, out_size, out]. With the tape
 * off, x and the result may be padded to sg_padded_channels.
 */
sg_tensor *sg_alias_free_layer_forward(const sg_alias_free_layer *layer, sg_tensor *x, sg_tensor *w,
                                       sg_alias_free_pass pass);

#endif
