/*
 * A 4x4 convolution, or the transpose of one, with normalisation and activation: what DCGAN's
 * networks are made of (Radford et al. 2016, section 3). Weights are as stored, without equalised
 * learning rate, and start with standard deviation 0.02.
 */
#ifndef SG_NN_NORMED_CONVOLUTION_H
#define SG_NN_NORMED_CONVOLUTION_H

#include "nn/norm_layer.h"

typedef struct sg_normed_convolution {
    sg_tensor *weight; /* [out, in, 4, 4]; of a transpose [in, out, 4, 4]; borrowed */
    sg_tensor *bias;   /* [out]; NULL where normalisation brings one */
    sg_norm_layer norm;
    bool transposed;
    int stride, padding; /* 2 and 1 to halve or double; 1 and 0 between 4x4 and 1x1 */
    sg_bias_act_options activation;
} sg_normed_convolution;

typedef struct sg_normed_convolution_options {
    int in_channels, out_channels;
    bool transposed;
    bool whole; /* between 4x4 and 1x1, instead of halving or doubling the size */
    sg_norm_kind norm;
    bool tracks;              /* batch moments, for use outside training */
    sg_activation activation; /* with gain 1 */
} sg_normed_convolution_options;

/* Adds "PREFIX.NAME.weight", "PREFIX.NAME.bias" without normalisation, else "PREFIX.norm.*". */
sg_normed_convolution sg_normed_convolution_create(sg_parameter_set *set, const char *prefix,
                                                   const char *name,
                                                   sg_normed_convolution_options options);

/* [N, H, W, in] to [N, H', W', out]. */
sg_tensor *sg_normed_convolution_forward(const sg_normed_convolution *layer, sg_tensor *x,
                                         sg_norm_pass pass);

#endif
