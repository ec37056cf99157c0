/* 3x3 convolutions of channels-last images in double, tap by tap: plain, and quick enough for the
 * channels of real layers. */
#ifndef SUPPORT_TAP_CONVOLUTION_H
#define SUPPORT_TAP_CONVOLUTION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * x [batch, in_height, in_width, in_channels] to y [batch, out_height, out_width, out_channels]: a
 * pixel of x at (i, j) meets tap (k, l) in the pixel (step i + k - offset, step j + l - offset) of
 * y. Step 2, offset 0: the transposed convolution with stride 2. Step 1, offset 1, reversed taps:
 * the correlation with padding 1.
 */
typedef struct tap_convolution {
    int64_t batch, in_height, in_width, in_channels;
    int64_t out_height, out_width, out_channels;
    int64_t step, offset;
    bool reversed;
} tap_convolution;

/* y, on the heap, from weights [out_channels, in_channels, 3, 3]. */
double *convolve_taps(const tap_convolution *c, double gain, const double *x, const float *weights);

#endif
