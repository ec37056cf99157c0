/*
 * Element-wise kernels: arithmetic of two operands with broadcasting, functions of one operand,
 * strided copies. One template, elementwise.inc, makes them for float and double.
 */
#ifndef SG_KERNELS_ELEMENTWISE_ELEMENTWISE_H
#define SG_KERNELS_ELEMENTWISE_ELEMENTWISE_H

#include "kernels/vector/strided.h"

typedef enum sg_binary_kind { SG_ADD, SG_SUBTRACT, SG_MULTIPLY } sg_binary_kind;

/* y = a KIND b, both operands strided over a collapsed loop, y dense. y may be a if a is dense. */
void sg_binary_f32(sg_binary_kind kind, const sg_strided *loop, const float *a, const float *b,
                   float *y);
void sg_binary_f64(sg_binary_kind kind, const sg_strided *loop, const double *a, const double *b,
                   double *y);

/* y = x along a one-operand loop: permutes, slices, flips and broadcasts. */
void sg_strided_copy_f32(const sg_strided *loop, const float *x, float *y);
void sg_strided_copy_f64(const sg_strided *loop, const double *x, double *y);

/* y[walk] = x along a one-operand loop over y, x dense: writes a block into a larger array. */
void sg_strided_scatter_f32(const sg_strided *loop, const float *x, float *y);
void sg_strided_scatter_f64(const sg_strided *loop, const double *x, double *y);

/* y = scale * x + shift. y may be x. */
void sg_affine_f32(int64_t count, double scale, double shift, const float *x, float *y);
void sg_affine_f64(int64_t count, double scale, double shift, const double *x, double *y);

/* y = x^exponent; 0.5, -0.5, -1 and 2 are computed by square roots, quotients and products. */
void sg_power_f32(int64_t count, double exponent, const float *x, float *y);
void sg_power_f64(int64_t count, double exponent, const double *x, double *y);

/* y = sin(x + quarters * pi / 2). y may be x. */
void sg_sine_f32(int64_t count, int quarters, const float *x, float *y);
void sg_sine_f64(int64_t count, int quarters, const double *x, double *y);

#endif
