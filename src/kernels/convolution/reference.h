/* The definition of a convolution and its adjoints in plain loops: for double, and for tests. */
#ifndef SG_KERNELS_CONVOLUTION_REFERENCE_H
#define SG_KERNELS_CONVOLUTION_REFERENCE_H

#include "kernels/convolution/shape.h"

/* y = gain * (x correlated with w). */
void sg_convolution_forward_reference_f32(const sg_convolution_shape *shape, double gain,
                                          const float *x, const float *w, float *y);
void sg_convolution_forward_reference_f64(const sg_convolution_shape *shape, double gain,
                                          const double *x, const double *w, double *y);

/* x = gain * the adjoint of the forward direction, applied to y. */
void sg_convolution_data_reference_f32(const sg_convolution_shape *shape, double gain,
                                       const float *y, const float *w, float *x);
void sg_convolution_data_reference_f64(const sg_convolution_shape *shape, double gain,
                                       const double *y, const double *w, double *x);

/* w = gain * the sum over samples and pixels of x * y. */
void sg_convolution_weights_reference_f32(const sg_convolution_shape *shape, double gain,
                                          const float *x, const float *y, float *w);
void sg_convolution_weights_reference_f64(const sg_convolution_shape *shape, double gain,
                                          const double *x, const double *y, double *w);

#endif
