/* Moving averages of curves. */
#ifndef SG_RUNS_SMOOTHING_H
#define SG_RUNS_SMOOTHING_H

#include <stddef.h>

/* Returns a width for `count` values that calms a curve and keeps its shape: about a 24th of it,
 * odd; 1 for few values. */
size_t sg_smoothing_width(size_t count);

/*
 * Writes the mean, the least and the greatest of the values around each one, `width` values with
 * itself in the middle, of an even number one more before it than after, fewer at both ends, to
 * `mean`, `low` and `high` [count]. Values that are not finite do not count, and stay NaN
 * themselves: a gap is not bridged.
 */
void sg_smooth(const double *values, size_t count, size_t width, double *mean, double *low,
               double *high);

#endif
