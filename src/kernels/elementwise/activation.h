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

typedef enum sg_activation {
    SG_LINEAR,
    SG_RELU,
    SG_LRELU,
    SG_TANH,
    SG_SIGMOID,
    SG_ELU,
    SG_SELU,
    SG_SOFTPLUS,
    SG_SWISH
} sg_activation;

/* The highest derivative that sg_activate knows: a gradient of a gradient needs the second, and the
 * check of that one by finite differences no more. */
enum { SG_ACTIVATION_MAX_ORDER = 3 };

/* The names as users write them, and one of them ("lrelu"). */
extern const sg_choices sg_activation_choices;
const char *sg_activation_name(sg_activation kind);

/* sqrt(2) for relu, lrelu and swish, else 1; 0.2 for lrelu, else 0. */
double sg_activation_default_gain(sg_activation kind);
double sg_activation_default_alpha(sg_activation kind);

/* Whether the derivative is constant on each side of zero, so that the output's sign tells it. */
bool sg_activation_is_piecewise_linear(sg_activation kind);

/* y = the order-th derivative of the activation at x (order 0: the function itself). y may be x. */
void sg_activate_f32(sg_activation kind, double alpha, int order, int64_t count, const float *x,
                     float *y);
void sg_activate_f64(sg_activation kind, double alpha, int order, int64_t count, const double *x,
                     double *y);

/* A fused pass over [samples, pixels, channels]. */
typedef struct sg_bias_act_shape {
    int64_t samples, pixels, channels;
    sg_activation kind; /* piecewise linear only */
    double alpha, gain;
    double clamp;          /* no clamp when negative */
    bool noise_per_sample; /* noise is [samples, pixels], else [pixels] shared by all samples */
} sg_bias_act_shape;

/*
 * y = clamp(gain * act(x * scale + noise + bias)): scale [samples, channels] (the demodulation
 * factors), noise per pixel, bias [channels]; each may be NULL. y may be x.
 */
void sg_bias_act_f32(const sg_bias_act_shape *shape, const float *x, const float *scale,
                     const float *noise, const float *bias, float *y);
void sg_bias_act_f64(const sg_bias_act_shape *shape, const double *x, const double *scale,
                     const double *noise, const double *bias, double *y);

/* dx = dy * gain * act'(.) from the sign of y, and 0 where y was clamped; linear in dy. dx may be
 * dy. */
void sg_bias_act_gradient_f32(const sg_bias_act_shape *shape, const float *dy, const float *y,
                              float *dx);
void sg_bias_act_gradient_f64(const sg_bias_act_shape *shape, const double *dy, const double *y,
                              double *dx);

/* y = x limited to [-limit, limit]. */
void sg_clamp_f32(int64_t count, double limit, const float *x, float *y);
void sg_clamp_f64(int64_t count, double limit, const double *x, double *y);

/* dx = dy where |x| < limit, else 0. */
void sg_clamp_gradient_f32(int64_t count, double limit, const float *dy, const float *x, float *dx);
void sg_clamp_gradient_f64(int64_t count, double limit, const double *dy, const double *x,
                           double *dx);

#endif
