/*
 * Convolution and its adjoints in double, for comparisons that single precision is too coarse for
 * and reference.h too slow: direct sums whose inner loops run over channels.
 */
#ifndef SG_KERNELS_CONVOLUTION_DIRECT_DOUBLE_H
#define SG_KERNELS_CONVOLUTION_DIRECT_DOUBLE_H

#include <stddef.h>

#include "kernels/convolution/shape.h"

/* Returns the bytes of weights in the order of these kernels. */
size_t sg_convolution_double_bytes(const sg_convolution_shape *shape);

/* Brings gain times plain weights to the order of a direction, forward or backward data. */
void sg_convolution_double_pack(const sg_convolution_shape *shape,
                                sg_convolution_direction direction, double gain,
                                const double *weights, double *packed);

/* Computes what sg_convolution_reference_f64 does, for shapes of one group, forward or backward
 * data, with packed weights. */
void sg_convolution_double(const sg_convolution_shape *shape, sg_convolution_direction direction,
                           const double *from, const double *packed, double *result);

/* Computes the gradient of the weights; `scratch` has as many bytes as packed weights. */
void sg_convolution_double_weights(const sg_convolution_shape *shape, double gain, const double *x,
                                   const double *y, double *result, double *scratch);

#endif
