/*
 * A two-dimensional filter as a sum of products of a column and a row: one product for a separable
 * filter, two to four for the radial filters of StyleGAN3-R.
 */
#ifndef SG_KERNELS_RESAMPLE_SEPARABLE_SUM_H
#define SG_KERNELS_RESAMPLE_SEPARABLE_SUM_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_SEPARABLE_MAX_TAPS = 64, SG_SEPARABLE_MAX_TERMS = 16 };

/* The sum over `terms` of column[t][y] * row[t][x]. */
typedef struct sg_separable_sum {
    int64_t terms, height, width;
    float column[SG_SEPARABLE_MAX_TERMS][SG_SEPARABLE_MAX_TAPS];
    float row[SG_SEPARABLE_MAX_TERMS][SG_SEPARABLE_MAX_TAPS];
} sg_separable_sum;

/* Taps of a filter: height * width of them, or, with width 0, `height` taps that apply in both
 * axes; NULL for the filter that changes nothing. */
typedef struct sg_filter_taps {
    const void *values; /* float, or double */
    bool doubles;
    int64_t height, width;
} sg_filter_taps;

/* Returns the tap in row y and column x. */
double sg_filter_tap(const sg_filter_taps *filter, int64_t y, int64_t x);

/* Return the number of taps along an axis. */
int64_t sg_filter_height(const sg_filter_taps *filter);
int64_t sg_filter_width(const sg_filter_taps *filter);

/*
 * Splits gain * filter, reversed in both axes if `reversed`, into a sum whose error is below 1e-6
 * of the largest tap. False if that takes too many terms or the filter is too large.
 */
bool sg_separable_sum_make(const sg_filter_taps *filter, double gain, bool reversed,
                           sg_separable_sum *sum);

#endif
