/*
 * Filters as sums of products: cross approximation with full pivoting.
 *
 * Tested by: tests/ops/test_filtered_lrelu.c
 */
#include "kernels/resample/separable_sum.h"

#include <math.h>
#include <string.h>

/* Largest magnitude of the remainder, relative to the largest tap. Winograd's algorithm adds more
 * to the rounding of a convolution. */
static const double tolerance = 1e-6;

static int64_t find_peak(const double *values, int64_t count)
{
    int64_t peak = 0;
    for (int64_t i = 1; i < count; i++)
        if (fabs(values[i]) > fabs(values[peak]))
            peak = i;
    return peak;
}

/* Subtracts the product through the largest element from the rest and stores it as term `term`. */
static void take_term(double *rest, int64_t peak, int64_t term, sg_separable_sum *sum)
{
    int64_t width = sum->width;
    double column[SG_SEPARABLE_MAX_TAPS];
    double row[SG_SEPARABLE_MAX_TAPS] = {0};
    double scale = sqrt(fabs(rest[peak]));
    for (int64_t j = 0; j < width; j++)
        row[j] = rest[peak / width * width + j] / scale;
    for (int64_t i = 0; i < sum->height; i++)
        column[i] = rest[i * width + peak % width] / row[peak % width];
    for (int64_t i = 0; i < sum->height; i++)
        for (int64_t j = 0; j < width; j++)
            rest[i * width + j] -= column[i] * row[j];
    for (int64_t i = 0; i < sum->height; i++)
        sum->column[term][i] = (float)column[i];
    for (int64_t j = 0; j < width; j++)
        sum->row[term][j] = (float)row[j];
}

int64_t sg_filter_height(const sg_filter_taps *filter)
{
    return filter->values ? filter->height : 1;
}

int64_t sg_filter_width(const sg_filter_taps *filter)
{
    return !filter->values ? 1 : filter->width ? filter->width : filter->height;
}

static double value_at(const sg_filter_taps *filter, int64_t index)
{
    return filter->doubles ? ((const double *)filter->values)[index]
                           : (double)((const float *)filter->values)[index];
}

double sg_filter_tap(const sg_filter_taps *filter, int64_t y, int64_t x)
{
    if (!filter->values)
        return 1;
    if (filter->width)
        return value_at(filter, y * filter->width + x);
    return value_at(filter, y) * value_at(filter, x);
}

/* A line times itself is one term: the square root of the gain goes to either side. */
static void square_line(const sg_filter_taps *filter, double gain, bool reversed,
                        sg_separable_sum *sum)
{
    double share = sqrt(fabs(gain));
    for (int64_t i = 0; i < sum->height; i++) {
        double tap = filter->values ? value_at(filter, reversed ? sum->height - 1 - i : i) : 1;
        sum->column[0][i] = (float)(share * tap);
        sum->row[0][i] = (float)(gain < 0 ? -share * tap : share * tap);
    }
    sum->terms = 1;
}

bool sg_separable_sum_make(const sg_filter_taps *filter, double gain, bool reversed,
                           sg_separable_sum *sum)
{
    sum->height = sg_filter_height(filter);
    sum->width = sg_filter_width(filter);
    if (sum->height > SG_SEPARABLE_MAX_TAPS || sum->width > SG_SEPARABLE_MAX_TAPS)
        return false;
    if (!filter->values || !filter->width) {
        square_line(filter, gain, reversed, sum);
        return true;
    }
    double rest[SG_SEPARABLE_MAX_TAPS * SG_SEPARABLE_MAX_TAPS] = {0};
    int64_t count = sum->height * sum->width;
    for (int64_t i = 0; i < count; i++)
        rest[i] = gain * value_at(filter, reversed ? count - 1 - i : i);
    double limit = tolerance * fabs(rest[find_peak(rest, count)]);
    for (sum->terms = 0;; sum->terms++) {
        int64_t peak = find_peak(rest, count);
        if (fabs(rest[peak]) <= limit)
            break;
        if (sum->terms == SG_SEPARABLE_MAX_TERMS)
            return false;
        take_term(rest, peak, sum->terms, sum);
    }
    if (sum->terms == 0) { /* all taps are zero */
        memset(sum->column[0], 0, sizeof sum->column[0]);
        memset(sum->row[0], 0, sizeof sum->row[0]);
        sum->terms = 1;
    }
    return true;
}
