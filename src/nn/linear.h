/* Fully connected layers with equalised learning rate (Karras et al. 2017, section 4.1). */
#ifndef SG_NN_LINEAR_H
#define SG_NN_LINEAR_H

#include "nn/parameter.h"
#include "ops/activation.h"

/* A layer; its tensors belong to the parameter set. */
typedef struct sg_linear {
    sg_tensor *weight;  /* [out, in], standard normal / lr_multiplier at the start; borrowed */
    sg_tensor *bias;    /* [out], or NULL */
    double weight_gain; /* lr_multiplier / sqrt(in); with gain_in_weight, times the activation's */
    double bias_gain;   /* lr_multiplier */
    sg_activation activation;
    bool gain_in_weight;
} sg_linear;

/* Sizes and initial values of a layer. */
typedef struct sg_linear_options {
    int in_features, out_features;
    sg_activation activation;
    double lr_multiplier; /* usually 1 */
    double bias_init;     /* the bias at the start, before lr_multiplier */
    bool zero_weight;     /* the weight starts at 0 */
    bool no_bias;
    bool gain_in_weight; /* applies the activation's gain before the bias, as before StyleGAN2 */
} sg_linear_options;

/* Adds "PREFIX.NAME.weight" and, with a bias, "PREFIX.NAME.bias" (without "PREFIX." when the prefix
 * is empty). Failures are in the context. */
sg_linear sg_linear_create(sg_parameter_set *set, const char *prefix, const char *name,
                           sg_linear_options options);

/* Returns act(x weight^T weight_gain + bias bias_gain): [N, out] for x [N, in]. */
sg_tensor *sg_linear_forward(const sg_linear *layer, sg_tensor *x);

#endif
