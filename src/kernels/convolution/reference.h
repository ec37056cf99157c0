/* The definition of a convolution and its adjoints in plain loops: for double, and for tests. */
#ifndef SG_KERNELS_CONVOLUTION_REFERENCE_H
#define SG_KERNELS_CONVOLUTION_REFERENCE_H

#include "kernels/convolution/shape.h"

/*
 * Computes the direction's array from the other two. Forward: y = gain * (a = x correlated with
 * b = w); backward data: x = gain * the adjoint of that, applied to a = y, with b = w; backward
 * weights: w = gain * the sum over samples and pixels of (a = x) * (b = y).
 */
void sg_convolution_reference_f32(const sg_convolution_shape *shape,
                                  sg_convolution_direction direction, double gain, const float *a,
                                  const float *b, float *result);
void sg_convolution_reference_f64(const sg_convolution_shape *shape,
                                  sg_convolution_direction direction, double gain, const double *a,
                                  const double *b, double *result);

#endif
