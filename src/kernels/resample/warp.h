/*
 * Affine maps of channels-last images without aliasing, as in ADA's augmentation (Karras et al.
 * 2020): padded by reflection, upsampled by 2, sampled bilinearly at twice the resolution,
 * downsampled. One pass for each tile of the result, whose intermediate images stay in the cache.
 *
 *     u[n] = 2 sum over k of f[k] v[n + 5 - k],   v[2 i] = x[reflect(i - pad)], 0 outside
 *     s[j] = u at m (i, j, 1), bilinear, 0 outside
 *     y[n] = sum over k of f[k] s[2 n + 1 + k]
 *
 * in each axis, for the 12 taps f of a low-pass filter.
 */
#ifndef SG_KERNELS_RESAMPLE_WARP_H
#define SG_KERNELS_RESAMPLE_WARP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_WARP_TAPS = 12 };

/* Sizes, filter and maps. x and y have the same shape. */
typedef struct sg_warp_shape {
    int64_t samples, height, width, channels;
    int64_t pad_left, pad_above; /* pixels of padding: below height and width */
    int64_t pad_right, pad_below;
    const double *filter; /* [SG_WARP_TAPS], with a sum of 1 */
    const double *maps;   /* [samples, 2, 3]: index in u of a point of s by its indices */
    bool copy_unmoved;    /* copies images whose map moves nothing, which the filters keep */
} sg_warp_shape;

/* Sets *bytes to the scratch that both functions need; false if the maps need too much. */
bool sg_warp_scratch_bytes(const sg_warp_shape *shape, size_t value_bytes, size_t *bytes);

/* Compute y from x. */
void sg_warp_f32(const sg_warp_shape *shape, const float *x, float *y, void *scratch);
void sg_warp_f64(const sg_warp_shape *shape, const double *x, double *y, void *scratch);

/* Compute the adjoint, x from y. */
void sg_warp_adjoint_f32(const sg_warp_shape *shape, const float *y, float *x, void *scratch);
void sg_warp_adjoint_f64(const sg_warp_shape *shape, const double *y, double *x, void *scratch);

#endif
