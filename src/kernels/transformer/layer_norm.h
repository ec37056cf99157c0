/* Layer normalisation (Ba, Kiros and Hinton 2016). */
#ifndef SG_KERNELS_TRANSFORMER_LAYER_NORM_H
#define SG_KERNELS_TRANSFORMER_LAYER_NORM_H

#include <stdint.h>

/*
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias for each row of x [rows, columns];
 * mean and variance (1/n) are the row's, weight and bias [columns]. y may be x.
 */
void sg_layer_norm_f32(int64_t rows, int64_t columns, double epsilon, const float *x,
                       const float *weight, const float *bias, float *y);
void sg_layer_norm_f64(int64_t rows, int64_t columns, double epsilon, const double *x,
                       const double *weight, const double *bias, double *y);

#endif
