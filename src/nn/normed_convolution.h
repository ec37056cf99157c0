/*
 * A 4x4 convolution, or the transpose of one, with normalisation and activation: the layer of DCGAN
 * (Radford et al. 2016, section 3). Weights have no equalised learning rate and start with standard
 * deviation 0.02.
 */
#ifndef SG_NN_NORMED_CONVOLUTION_H
#define SG_NN_NORMED_CONVOLUTION_H

#include "nn/norm_layer.h"

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_normed_convolution {
    sg_tensor *weight; /* [out, in, 4, 4], or [in, out, 4, 4] when transposed; borrowed */
    sg_tensor *bias;   /* [out]; NULL with normalisation, which has its own */
    sg_norm_layer norm;
    bool transposed;
    int stride, padding; /* 2 and 1 halve or double the size; 1 and 0 go between 4x4 and 1x1 */
    sg_bias_act_options activation;
} sg_normed_convolution;

/* Sizes and options of a layer. */
typedef struct sg_normed_convolution_options {
    int in_channels, out_channels;
    bool transposed;
    bool whole; /* goes between 4x4 and 1x1 instead of halving or doubling the size */
    sg_norm_kind norm;
    bool tracks;              /* tracks batch moments, for use outside training */
    sg_activation activation; /* with a gain of 1 */
} sg_normed_convolution_options;

/* Adds "PREFIX.NAME.weight", and "PREFIX.norm.*", or "PREFIX.NAME.bias" without normalisation. */
sg_normed_convolution sg_normed_convolution_create(sg_parameter_set *set, const char *prefix,
                                                   const char *name,
                                                   sg_normed_convolution_options options);

/* Takes [N, H, W, in] to [N, H', W', out]. */
sg_tensor *sg_normed_convolution_forward(const sg_normed_convolution *layer, sg_tensor *x,
                                         sg_norm_pass pass);

#endif
