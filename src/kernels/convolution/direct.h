/*
 * Direct convolution and its adjoints: sums whose inner loops run over channels, in one order
 * whatever the number of threads. In double it serves comparisons that single precision is too
 * coarse for and reference.h too slow; in float, builds without oneDNN.
 */
#ifndef SG_KERNELS_CONVOLUTION_DIRECT_H
#define SG_KERNELS_CONVOLUTION_DIRECT_H

#include <stddef.h>

#include "kernels/convolution/shape.h"

/* Returns how many numbers packed weights are. */
size_t sg_convolution_direct_count(const sg_convolution_shape *shape);

/* Bring gain times plain weights to the order of a direction, forward or backward data. */
void sg_convolution_direct_pack_f32(const sg_convolution_shape *shape,
                                    sg_convolution_direction direction, double gain,
                                    const float *weights, float *packed);
void sg_convolution_direct_pack_f64(const sg_convolution_shape *shape,
                                    sg_convolution_direction direction, double gain,
                                    const double *weights, double *packed);

/* Compute what the reference does, forward or backward data, with packed weights. */
void sg_convolution_direct_f32(const sg_convolution_shape *shape,
                               sg_convolution_direction direction, const float *from,
                               const float *packed, float *result);
void sg_convolution_direct_f64(const sg_convolution_shape *shape,
                               sg_convolution_direction direction, const double *from,
                               const double *packed, double *result);

/* Compute the gradient of the weights; `scratch` has as many numbers as packed weights. */
void sg_convolution_direct_weights_f32(const sg_convolution_shape *shape, double gain,
                                       const float *x, const float *y, float *result,
                                       float *scratch);
void sg_convolution_direct_weights_f64(const sg_convolution_shape *shape, double gain,
                                       const double *x, const double *y, double *result,
                                       double *scratch);

#endif
