/*
 * Convolution and its adjoints in double, for comparisons that single precision is too coarse for
 * and reference.h too slow: direct sums whose inner loops run over channels.
 */
#ifndef SG_KERNELS_CONVOLUTION_DIRECT_DOUBLE_H
#define SG_KERNELS_CONVOLUTION_DIRECT_DOUBLE_H

#include <stddef.h>

#include "kernels/convolution/shape.h"

/* Returns the bytes of scratch: the weights in another order. */
size_t sg_convolution_double_scratch_bytes(const sg_convolution_shape *shape);

/* Computes what sg_convolution_reference_f64 does, for shapes of one group. */
void sg_convolution_double(const sg_convolution_shape *shape, sg_convolution_direction direction,
                           double gain, const double *a, const double *b, double *result,
                           double *scratch);

#endif
