/*
 * Upsampling by inserting zeros, padding or cropping, filtering, keeping every down-th pixel: the
 * resampling of StyleGAN2 (Karras et al. 2020) on channels-last images.
 *
 *     y[o] = gain * sum over k of f[k] * xu[o * down + k - pad],   xu[i * up] = x[i]
 *
 * in each axis, f reversed unless `correlate` (a true convolution by default).
 */
#ifndef SG_KERNELS_RESAMPLE_UPFIRDN_H
#define SG_KERNELS_RESAMPLE_UPFIRDN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes, factors and padding. */
typedef struct sg_upfirdn_shape {
    int64_t samples, in_height, in_width, channels;
    int64_t out_height, out_width;
    int64_t filter_height, filter_width;
    int up_x, up_y, down_x, down_y;
    int pad_x, pad_y; /* before the first pixel, of the upsampled image; negative crops */
    bool correlate;
    double gain;
} sg_upfirdn_shape;

/*
 * Splits a filter into column * row, in the filter's order or `reversed`; false unless the product
 * equals the filter up to rounding.
 */
bool sg_filter_split(int64_t height, int64_t width, const float *filter, bool reversed,
                     float *column, float *row);

/* Returns the bytes of scratch for sg_upfirdn_separable_f32. */
size_t sg_upfirdn_scratch_bytes(const sg_upfirdn_shape *shape);

/*
 * Computes y for filters that are a product of a column and a row: the vertical filter sums whole
 * rows into a line buffer, the horizontal one reads that. False, without having done anything, for
 * other filters.
 */
bool sg_upfirdn_separable_f32(const sg_upfirdn_shape *shape, const float *x, const float *filter,
                              float *y, void *scratch);

/* Compute y in plain loops over taps, for any filter: the reference. */
void sg_upfirdn_reference_f32(const sg_upfirdn_shape *shape, const float *x, const float *filter,
                              float *y);
void sg_upfirdn_reference_f64(const sg_upfirdn_shape *shape, const double *x, const double *filter,
                              double *y);

#endif
