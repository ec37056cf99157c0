/*
 * The layers of growing generators: a convolution, noise, bias and activation, then either
 * instance normalisation and a style (StyleGAN: Karras et al. 2018, section 2) or pixelwise
 * normalisation (ProGAN: Karras et al. 2017, section 4.2).
 */
#ifndef SG_NN_GROWING_LAYER_H
#define SG_NN_GROWING_LAYER_H

#include "nn/convolution_layer.h"
#include "nn/linear.h"
#include "nn/noise_layer.h"

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_growing_layer {
    bool convolves, has_style;
    sg_convolution_layer convolution; /* without bias */
    sg_noise_layer noise;             /* its strength is [out] */
    sg_tensor *bias;                  /* [out], 0 at the start; borrowed */
    sg_activation activation;         /* the convolution's weights include its gain */
    double epsilon;                   /* added to the variance */
    sg_linear affine;                 /* w to scales - 1 and shifts, [2 out] */
} sg_growing_layer;

/* Sizes and options of a layer. */
typedef struct sg_growing_layer_options {
    int in_channels; /* 0 for a layer without convolution */
    int out_channels;
    int height, width; /* of the result */
    int up;            /* 1 or 2 */
    bool reversed;     /* see sg_convolution_layer_options */
    bool use_noise;
    int w_dim; /* of the style; 0 for pixelwise normalisation instead */
    sg_activation activation;
    double epsilon;           /* added to the variance of what is normalised */
    sg_tensor *filter, *blur; /* borrowed: of upsampling and after it; or NULL */
} sg_growing_layer_options;

/* Adds the layer's tensors under "PREFIX.". Failures are in the context. */
sg_growing_layer sg_growing_layer_create(sg_parameter_set *set, const char *prefix,
                                         sg_growing_layer_options options);

/* Takes [N, h, w, in] and w [N, w_dim] (NULL without style) to [N, height, width, out]. */
sg_tensor *sg_growing_layer_forward(const sg_growing_layer *layer, sg_tensor *x, sg_tensor *w,
                                    sg_synthesis_options options);

#endif
