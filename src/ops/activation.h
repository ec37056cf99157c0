/* Activation functions, and the bias-and-activation pass of the style-based networks. */
#ifndef SG_OPS_ACTIVATION_H
#define SG_OPS_ACTIVATION_H

#include "kernels/elementwise/activation.h"
#include "tensor/tape.h"

/* The order-th derivative of an activation at x; order 0 is the activation itself. */
sg_tensor *sg_activate(sg_tensor *x, sg_activation kind, double alpha, int order);

/* log(1 + e^x). */
sg_tensor *sg_softplus(sg_tensor *x);

/* What a bias-and-activation pass does besides adding. */
typedef struct sg_bias_act_options {
    sg_activation kind;
    double alpha; /* slope left of zero, for lrelu */
    double gain;  /* multiplies the activation's result */
    double clamp; /* limits the result to [-clamp, clamp]; none when negative */
} sg_bias_act_options;

/* The activation's default alpha and gain, and no clamp. */
sg_bias_act_options sg_bias_act_defaults(sg_activation kind);

/* The same with a gain of 1, for weights that have the activation's gain in theirs. */
sg_bias_act_options sg_bias_act_without_gain(sg_activation kind);

/* Whether the pass is piecewise linear with slopes that are not negative, so that one loop does it
 * and its result's sign tells the side of zero. */
bool sg_bias_act_fuses(const sg_bias_act_options *options);

/*
 * clamp(gain * act(x * scale + noise + bias)), the channels of x being its last axis.
 * scale: [N, C] for x [N, H, W, C]; noise: [1 or N, H, W, 1]; bias: [C]. Each of these
 * three may be absent (NULL); a failure behind an absent one still shows in the context.
 */
sg_tensor *sg_bias_act(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                       sg_bias_act_options options);

/* The same written over x, off the tape: for an x that nobody else reads. */
sg_tensor *sg_bias_act_in_place(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                                sg_bias_act_options options);

#endif
