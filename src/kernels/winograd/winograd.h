/*
 * 3x3 convolutions with stride 1 by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016),
 * on channels-last images.
 *
 * A tile of 6x6 input pixels is transformed to 36 frequencies, at each of which a tile's channels
 * meet the transformed weights in a matrix product, and 36 products are transformed back to 4x4
 * output pixels: 36 multiply-adds for each pair of channels instead of 144. A block of tiles goes
 * through all three stages before the next one starts, so that what lies between them stays in
 * cache. Rounding errors grow by about ten (relative 1e-6 to 1e-5 in f32).
 */
#ifndef SG_KERNELS_WINOGRAD_WINOGRAD_H
#define SG_KERNELS_WINOGRAD_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/convolution/convolution.h"
#include "kernels/product/fused_pass.h"

/* The most channels of which a run makes colours. */
enum { SG_WINOGRAD_MAX_COLOUR_CHANNELS = 512 };

/*
 * Whether a forward or backward-data pass can go this way and gains by it: 3x3, stride 1, one
 * group, channels that fill whole vectors, and enough tiles.
 */
bool sg_winograd_suits(const sg_convolution_shape *shape, sg_convolution_direction direction);

/* Bytes of the transformed weights, and of scratch for a run. */
size_t sg_winograd_packed_bytes(const sg_convolution_shape *shape,
                                sg_convolution_direction direction);
size_t sg_winograd_scratch_bytes(const sg_convolution_shape *shape,
                                 sg_convolution_direction direction);

/* packed = the transform of gain * weights (as the shape has them) for the direction. */
void sg_winograd_pack(const sg_convolution_shape *shape, sg_convolution_direction direction,
                      double gain, const float *weights, float *packed);

/* Forward: x to y. Backward data: y to x. `pass` is what is done besides; NULL for nothing. */
void sg_winograd_run(const sg_convolution_shape *shape, sg_convolution_direction direction,
                     const float *packed, const float *source, float *result, void *scratch,
                     const sg_fused_pass *pass);

#endif
