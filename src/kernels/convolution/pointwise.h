/*
 * 1x1 convolutions with the fused pass of a modulated convolution, for inference only: a matrix
 * product of pixels and weights, whose input is scaled and whose output is finished while in cache.
 */
#ifndef SG_KERNELS_CONVOLUTION_POINTWISE_H
#define SG_KERNELS_CONVOLUTION_POINTWISE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/product/fused_pass.h"

/* x [batch, pixels, in_channels] to [batch, pixels, out_channels]. */
typedef struct sg_pointwise_shape {
    int64_t batch, pixels, in_channels, out_channels;
    int64_t weight_in_channels, weight_out_channels; /* images may carry more, as padding */
} sg_pointwise_shape;

/* True if the kernel takes the shape. */
bool sg_pointwise_suits(const sg_pointwise_shape *shape);

/* Return the bytes of the packed weights, and of scratch for a run. */
size_t sg_pointwise_packed_bytes(const sg_pointwise_shape *shape);
size_t sg_pointwise_scratch_bytes(const sg_pointwise_shape *shape);

/* packed = gain * weights [weight_out_channels, weight_in_channels]. */
void sg_pointwise_pack(const sg_pointwise_shape *shape, double gain, const float *weights,
                       float *packed);

/* result = pass(convolution of source); the pass has no colours, its noise is per pixel. */
void sg_pointwise_run(const sg_pointwise_shape *shape, const float *packed, const float *source,
                      float *result, void *scratch, const sg_fused_pass *pass);

#endif
