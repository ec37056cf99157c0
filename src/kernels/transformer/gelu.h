/*
 * Gaussian error linear units (Hendrycks and Gimpel 2016): x Phi(x), Phi being the normal
 * distribution's cumulative function, and the quick form that OpenAI's CLIP has in its place,
 * x sigmoid(1.702 x).
 */
#ifndef SG_KERNELS_TRANSFORMER_GELU_H
#define SG_KERNELS_TRANSFORMER_GELU_H

#include <stdint.h>

typedef enum sg_gelu_kind { SG_QUICK_GELU, SG_EXACT_GELU } sg_gelu_kind;

/* The highest derivative: the third checks the gradient of a gradient by differences. */
enum { SG_GELU_MAX_ORDER = 3 };

/* y = the derivative of `order` at x (order 0: the function). y may be x. In single precision,
 * orders 0 and 1 are within 1e-6 of the definition. */
void sg_gelu_f32(sg_gelu_kind kind, int order, int64_t count, const float *x, float *y);
void sg_gelu_f64(sg_gelu_kind kind, int order, int64_t count, const double *x, double *y);

/* The definition, for single precision of any order. */
void sg_gelu_reference_f32(sg_gelu_kind kind, int order, int64_t count, const float *x, float *y);

#endif
