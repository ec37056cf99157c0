/* Activation functions, and the bias-and-activation pass of the style-based networks. */
#ifndef SG_OPS_ACTIVATION_H
#define SG_OPS_ACTIVATION_H

#include "kernels/elementwise/activation.h"
#include "tensor/tape.h"

/* Returns the derivative of `order` of an activation at x; order 0 is the activation itself. */
sg_tensor *sg_activate(sg_tensor *x, sg_activation kind, double alpha, int order);

/* Returns log(1 + e^x). */
sg_tensor *sg_softplus(sg_tensor *x);

/* Options of a bias-and-activation pass. */
typedef struct sg_bias_act_options {
    sg_activation kind;
    double alpha; /* slope left of zero, for lrelu */
    double gain;  /* multiplies the result of the activation */
    double clamp; /* limits the result to [-clamp, clamp]; no limit when negative */
} sg_bias_act_options;

/* Returns the activation's default alpha and gain, and no clamp. */
sg_bias_act_options sg_bias_act_defaults(sg_activation kind);

/* Returns them with a gain of 1, for weights that include the activation's gain. */
sg_bias_act_options sg_bias_act_without_gain(sg_activation kind);

/* True if the pass is piecewise linear with slopes that are not negative: one loop computes it, and
 * the sign of its result tells the side of zero. */
bool sg_bias_act_fuses(const sg_bias_act_options *options);

/*
 * Returns clamp(gain * act(x * scale + noise + bias)); the last axis of x is its channels.
 * scale: [N, C] for x [N, H, W, C]; noise: [1 or N, H, W, 1]; bias: [C]. Each of these
 * three may be absent (NULL); where an earlier op failed, the context still has its error.
 */
sg_tensor *sg_bias_act(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                       sg_bias_act_options options);

/* Computes sg_bias_act, over x where the tape is off; nobody else may read x. */
sg_tensor *sg_bias_act_in_place(sg_tensor *x, sg_tensor *scale, sg_tensor *noise, sg_tensor *bias,
                                sg_bias_act_options options);

#endif
