/*
 * Cubic splines through keys at equal distances: twice continuously differentiable, one polynomial
 * for the first two intervals and one for the last two ("not a knot"), as SciPy's
 * interp1d(kind="cubic") and CubicSpline compute them.
 */
#ifndef SG_LATENT_SPLINE_H
#define SG_LATENT_SPLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Computes the spline's derivative at every key: *slopes [count, width] of keys [count, width], one
 * or more, at the distance 1; the caller frees it. A closed spline continues from the last key to
 * the first and has one more derivative, [count + 1, width], for its end: it is the middle of a
 * spline that passes the keys five times, as in the official gen_video.py, so that the ends meet
 * almost without a corner. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_spline_slopes(const float *keys, size_t count, size_t width, bool closed,
                           double **slopes, sg_error *error);

/*
 * Computes the point at `t` (0 <= t <= 1) of the spline between the keys `from` and `to`, from its
 * derivatives there; all have `width` numbers. `result` must overlap none of them.
 */
void sg_spline_point(const float *from, const double *from_slope, const float *to,
                     const double *to_slope, size_t width, double t, float *result);

#endif
