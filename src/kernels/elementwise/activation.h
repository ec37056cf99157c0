/*
 * Activation functions and their derivatives, and the fused bias-and-activation pass.
 *
 * The nine activations and their default slopes and gains are those of the official programs
 * (Karras et al. 2020, torch_utils/ops/bias_act.py documents them).
 */
#ifndef SG_KERNELS_ELEMENTWISE_ACTIVATION_H
#define SG_KERNELS_ELEMENTWISE_ACTIVATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/choices.h"

/*
 * Every activation, once: X(kind, name, default gain, default alpha, piecewise linear, derivative
 * of `order` at x). The last column is an expression in activation.c; alpha is the slope of lrelu
 * left of zero.
 */
#define SG_ACTIVATION_TABLE(X)                                                                     \
    X(SG_LINEAR, "linear", 1, 0, true, piecewise(x, order, 1))                                     \
    X(SG_RELU, "relu", SQRT_2, 0, true, piecewise(x, order, 0))                                    \
    X(SG_LRELU, "lrelu", SQRT_2, 0.2, true, piecewise(x, order, alpha))                            \
    X(SG_TANH, "tanh", 1, 0, false, tanh_derivative(x, order))                                     \
    X(SG_SIGMOID, "sigmoid", 1, 0, false, sigmoid_derivative(x, order))                            \
    X(SG_ELU, "elu", 1, 0, false, exponential_unit(x, order, 1, 1))                                \
    X(SG_SELU, "selu", 1, 0, false, selu_derivative(x, order))                                     \
    X(SG_SOFTPLUS, "softplus", 1, 0, false, softplus_derivative(x, order))                         \
    X(SG_SWISH, "swish", SQRT_2, 0, false, swish_derivative(x, order))

#define SG_ACTIVATION_KIND(kind, name, gain, alpha, linear, derivative) kind,
typedef enum sg_activation { SG_ACTIVATION_TABLE(SG_ACTIVATION_KIND) } sg_activation;
#undef SG_ACTIVATION_KIND

/* The highest order that sg_activate takes. The gradient of a gradient needs the second; checking
 * that one by finite differences takes no more than the third. */
enum { SG_ACTIVATION_MAX_ORDER = 3 };

/* The names as users write them; returns one of them ("lrelu"). */
extern const sg_choices sg_activation_choices;
const char *sg_activation_name(sg_activation kind);

/* Returns the gain that keeps the magnitude of a signal: sqrt(2) for relu, lrelu, swish; else 1. */
double sg_activation_default_gain(sg_activation kind);

/* Returns 0.2 for lrelu, otherwise 0. */
double sg_activation_default_alpha(sg_activation kind);

/* True if the derivative is constant on each side of zero, so that the output's sign tells it. */
bool sg_activation_is_piecewise_linear(sg_activation kind);

/* Returns the slope left of zero of a piecewise linear activation; right of zero it is 1. */
double sg_activation_negative_slope(sg_activation kind, double alpha);

/* y = the derivative of `order` of the activation at x (order 0: the activation). y may be x. */
void sg_activate_f32(sg_activation kind, double alpha, int order, int64_t count, const float *x,
                     float *y);
void sg_activate_f64(sg_activation kind, double alpha, int order, int64_t count, const double *x,
                     double *y);

/* A fused pass over [samples, pixels, channels]. */
typedef struct sg_bias_act_shape {
    int64_t samples, pixels, channels;
    sg_activation kind; /* piecewise linear only */
    double alpha, gain;
    double clamp;          /* no limit when negative */
    bool noise_per_sample; /* noise is [samples, pixels]; otherwise [pixels], for all samples */
} sg_bias_act_shape;

/*
 * y = clamp(gain * act(x * scale + noise + bias)): scale [samples, channels] (the demodulation
 * factors), noise per pixel, bias [channels]; each may be NULL. y may be x.
 */
void sg_bias_act_f32(const sg_bias_act_shape *shape, const float *x, const float *scale,
                     const float *noise, const float *bias, float *y);
void sg_bias_act_f64(const sg_bias_act_shape *shape, const double *x, const double *scale,
                     const double *noise, const double *bias, double *y);

/* dx = dy * gain * act'(.), from the sign of y; 0 where y was clamped. Linear in dy; dx may be dy.
 */
void sg_bias_act_gradient_f32(const sg_bias_act_shape *shape, const float *dy, const float *y,
                              float *dx);
void sg_bias_act_gradient_f64(const sg_bias_act_shape *shape, const double *dy, const double *y,
                              double *dx);

/* y = x limited to [-limit, limit]. */
void sg_clamp_f32(int64_t count, double limit, const float *x, float *y);
void sg_clamp_f64(int64_t count, double limit, const double *x, double *y);

/* dx = dy where |x| < limit, otherwise 0. */
void sg_clamp_gradient_f32(int64_t count, double limit, const float *dy, const float *x, float *dx);
void sg_clamp_gradient_f64(int64_t count, double limit, const double *dy, const double *x,
                           double *dx);

/* y = u where x > 0, otherwise u * slope of the channel, over [pixels, channels]: the parametric
 * rectifier with u = x, its gradient with u that of the result. y may be x or u. */
void sg_prelu_f32(int64_t pixels, int64_t channels, const float *u, const float *x,
                  const float *slope, float *y);
void sg_prelu_f64(int64_t pixels, int64_t channels, const double *u, const double *x,
                  const double *slope, double *y);

#endif
