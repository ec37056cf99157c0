/*
 * The gradient of a convolution's weights as a matrix product: the pixels of x under each tap are
 * gathered, [pixels, taps * in_channels], and multiplied by y, [pixels, out_channels].
 * Channels-last images make each gathered piece one run of memory.
 */
#ifndef SG_KERNELS_CONVOLUTION_GEMM_H
#define SG_KERNELS_CONVOLUTION_GEMM_H

#include <stddef.h>

#include "kernels/convolution/shape.h"
#include "stylegan.h"

/* Returns the bytes of scratch for a shape; groups must be 1. */
size_t sg_convolution_gemm_scratch_bytes(const sg_convolution_shape *shape);

/* weights = gain * sum over samples and pixels of x * y. Fails as sg_gemm_f32 does. */
sg_status sg_convolution_gemm_weights(const sg_convolution_shape *shape, double gain,
                                      const float *x, const float *y, float *weights,
                                      void *scratch);

#endif
