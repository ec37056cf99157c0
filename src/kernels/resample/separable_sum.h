/*
 * A two-dimensional filter as a sum of products of a column and a row, few of them where the filter
 * allows: one for a separable filter, two to four for the radial filters of StyleGAN3-R.
 */
#ifndef SG_KERNELS_RESAMPLE_SEPARABLE_SUM_H
#define SG_KERNELS_RESAMPLE_SEPARABLE_SUM_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_SEPARABLE_MAX_TAPS = 64, SG_SEPARABLE_MAX_TERMS = 16 };

typedef struct sg_separable_sum {
    int64_t terms, height, width;
    float column[SG_SEPARABLE_MAX_TERMS][SG_SEPARABLE_MAX_TAPS];
    float row[SG_SEPARABLE_MAX_TERMS][SG_SEPARABLE_MAX_TAPS];
} sg_separable_sum;

/* Filter taps of any shape: height * width of them, or `height` that stand for the product of
 * themselves in both axes (then width is 0); NULL for the filter that changes nothing. */
typedef struct sg_filter_taps {
    const void *values; /* float, or double */
    bool doubles;
    int64_t height, width;
} sg_filter_taps;

/* The tap in row y and column x, as the filter stands. */
double sg_filter_tap(const sg_filter_taps *filter, int64_t y, int64_t x);

/* How many taps along each axis. */
int64_t sg_filter_height(const sg_filter_taps *filter);
int64_t sg_filter_width(const sg_filter_taps *filter);

/*
 * gain * filter, reversed in both axes if asked for, as a sum: what is left out of it is below 1e-6
 * of the largest tap. False when that takes too many terms, or the filter is too large.
 */
bool sg_separable_sum_make(const sg_filter_taps *filter, double gain, bool reversed,
                           sg_separable_sum *sum);

#endif
