/*
 * 3x3 convolutions with stride 1 by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016),
 * on channels-last images.
 *
 * A tile of 6x6 input pixels is transformed to 36 frequencies; at each, a matrix product joins the
 * tile's channels with the transformed weights; 36 products are transformed back to 4x4 output
 * pixels: 36 multiply-adds for each pair of channels instead of 144. A block of tiles goes through
 * all three stages before the next one starts, so that the intermediate values stay in cache.
 * Rounding errors grow about tenfold (relative 1e-6 to 1e-5 in f32).
 */
#ifndef SG_KERNELS_WINOGRAD_WINOGRAD_H
#define SG_KERNELS_WINOGRAD_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/product/fused_pass.h"
#include "kernels/winograd/winograd_pack.h"

/* The most channels from which a run makes colours. */
enum { SG_WINOGRAD_MAX_COLOUR_CHANNELS = 512 };

/*
 * A pass from images [batch, in_height, in_width, in_channels] to [batch, out_height, out_width,
 * out_channels]. Channels from weight_in_channels and weight_out_channels on have zero weights; the
 * 3x3 kernels of neighbouring channels lie `in_step` and `out_step` floats apart.
 */
typedef struct sg_winograd_shape {
    int64_t batch, in_height, in_width, in_channels, out_height, out_width, out_channels;
    int64_t pad_top, pad_left;
    int64_t weight_in_channels, weight_out_channels;
    int64_t in_step, out_step;
    bool reversed; /* each kernel is reversed in both axes */
    bool precise;  /* products are as accurate as those of floats, at half the rate */
} sg_winograd_shape;

/* True if the shape gains by it: channels that fill whole vectors, and enough tiles. */
bool sg_winograd_suits(const sg_winograd_shape *shape);

/* Returns the bytes of scratch for a run. */
size_t sg_winograd_scratch_bytes(const sg_winograd_shape *shape);

/* Returns the bytes of the packed weights; those of sg_winograd_packed_bytes unless precise. */
size_t sg_winograd_weight_bytes(const sg_winograd_shape *shape);

/* packed = the transform of gain * weights. */
void sg_winograd_pack(const sg_winograd_shape *shape, double gain, const float *weights,
                      float *packed);

/* result = pass(convolution of source); a `pass` of NULL changes nothing. */
void sg_winograd_run(const sg_winograd_shape *shape, const float *packed, const float *source,
                     float *result, void *scratch, const sg_fused_pass *pass);

#endif
