/*
 * The upsampling convolution of StyleGAN2 (Karras et al. 2020, section 4.1), for inference only:
 * zero insertion by 2, a 3x3 kernel and a FIR filter, with the fused pass of a modulated
 * convolution.
 *
 * The transposed convolution has phases. Along an axis, even pixels of its result t use two taps of
 * the kernel, odd ones a single tap:
 *
 *     t[2m] = x[m] w[0] + x[m-1] w[2],    t[2m+1] = x[m] w[1]
 *
 * Four even pixels cost five products by Winograd's F(4, 2), four odd ones four, so a tile of 4x4
 * pixels takes 81 products for each pair of channels; direct convolution takes 144. The filter runs
 * on rows of t while these are in cache: t, four times as large as x, never reaches memory.
 */
#ifndef SG_KERNELS_WINOGRAD_WINOGRAD_UP_H
#define SG_KERNELS_WINOGRAD_WINOGRAD_UP_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/product/fused_pass.h"
#include "kernels/winograd/winograd_pack.h"

enum { SG_WINOGRAD_UP_MAX_TAPS = 8 };

/* x [batch, in_height, in_width, in_channels] to [batch, 2 in_height, 2 in_width, out_channels]. */
typedef struct sg_winograd_up_shape {
    int64_t batch, in_height, in_width, in_channels, out_channels;
    int64_t taps; /* of the filter, 2 to SG_WINOGRAD_UP_MAX_TAPS */
    int64_t pad;  /* zeros before the first row and column of t */
    /* The filter is column times row, in the order of correlation, gains included. */
    float column[SG_WINOGRAD_UP_MAX_TAPS];
    float row[SG_WINOGRAD_UP_MAX_TAPS];
} sg_winograd_up_shape;

/* True if the kernel takes the shape and the shape gains by it. */
bool sg_winograd_up_suits(const sg_winograd_up_shape *shape);

/* Returns the bytes of scratch for a run. */
size_t sg_winograd_up_scratch_bytes(const sg_winograd_up_shape *shape);

/* packed (sg_winograd_packed_bytes) = the transform of gain * weights [out_channels, in_channels,
 * 3, 3]. */
void sg_winograd_up_pack(const sg_winograd_up_shape *shape, double gain, const float *weights,
                         float *packed);

/* result = pass(filter(t)); noise and bias of `pass` are those of the result. */
void sg_winograd_up_run(const sg_winograd_up_shape *shape, const float *packed, const float *source,
                        float *result, void *scratch, const sg_fused_pass *pass);

#endif
