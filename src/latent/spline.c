/*
 * Not-a-knot splines (de Boor 1978, "A Practical Guide to Splines", chapter IV). With the
 * derivatives s and the keys y at distance 1, and d[i] = y[i + 1] - y[i], equal second derivatives
 * at the inner keys and equal third ones at the second key from each end mean
 *
 *   s[0] + 2 s[1]                   = (5 d[0] + d[1]) / 2
 *   s[i - 1] + 4 s[i] + s[i + 1]    = 3 (d[i - 1] + d[i])
 *   2 s[n - 2] + s[n - 1]           = (d[n - 3] + 5 d[n - 2]) / 2
 *
 * which elimination without pivoting solves, for one component of the keys after the other.
 */
#include "latent/spline.h"

#include <stdlib.h>

#include "base/allocate.h"

enum { COPIES = 5, COPIES_BEFORE = 2 /* of a closed spline's keys */ };

/* One component of a list of keys; indices wrap around. */
typedef struct component {
    const float *keys; /* the component of the first key */
    size_t count, width;
} component;

static double difference(const component *y, size_t i)
{
    return (double)y->keys[(i + 1) % y->count * y->width] - y->keys[i % y->count * y->width];
}

/* Solves for s [n] with fewer than four keys: a line through two, a parabola through three. */
static void solve_few(const component *y, size_t n, double *s)
{
    const double first = n > 1 ? difference(y, 0) : 0;
    const double second = n > 2 ? difference(y, 1) : first;
    const double middle = (first + second) / 2;
    s[0] = 2 * first - middle;
    if (n > 1)
        s[1] = n > 2 ? middle : first;
    if (n > 2)
        s[2] = 2 * second - middle;
}

/* Solves for s [n] at n keys; upper [n] is scratch, for the diagonal above the main one. */
static void solve(const component *y, size_t n, double *upper, double *s)
{
    if (n < 4) {
        solve_few(y, n, s);
        return;
    }
    upper[0] = 2;
    s[0] = (5 * difference(y, 0) + difference(y, 1)) / 2;
    for (size_t i = 1; i < n - 1; i++) {
        const double pivot = 4 - upper[i - 1];
        upper[i] = 1 / pivot;
        s[i] = (3 * (difference(y, i - 1) + difference(y, i)) - s[i - 1]) / pivot;
    }
    const double last = (difference(y, n - 3) + 5 * difference(y, n - 2)) / 2;
    s[n - 1] = (last - 2 * s[n - 2]) / (1 - 2 * upper[n - 2]);
    for (size_t i = n - 1; i-- > 0;)
        s[i] -= upper[i] * s[i + 1];
}

sg_status sg_spline_slopes(const float *keys, size_t count, size_t width, bool closed,
                           double **slopes, sg_error *error)
{
    size_t solved = count;
    size_t values = 0;
    const size_t wanted = closed ? count + 1 : count;
    const size_t first = closed ? COPIES_BEFORE * count : 0;
    double *upper = NULL;
    double *s = NULL;
    *slopes = NULL;
    if (sg_size_multiply(wanted, width, &values) &&
        (!closed || sg_size_multiply(count, COPIES, &solved))) {
        *slopes = sg_allocate(values, sizeof **slopes);
        upper = sg_allocate(solved, sizeof *upper);
        s = sg_allocate(solved, sizeof *s);
    }
    sg_status status = SG_OK;
    if (!*slopes || !upper || !s) {
        free(*slopes);
        *slopes = NULL;
        status = sg_fail_memory(error, "a spline through %zu keys", count);
    }
    for (size_t k = 0; k < width && !status; k++) {
        solve(&(component){keys + k, count, width}, solved, upper, s);
        for (size_t i = 0; i < wanted; i++)
            (*slopes)[i * width + k] = s[first + i];
    }
    free(upper);
    free(s);
    return status;
}

void sg_spline_point(const float *from, const double *from_slope, const float *to,
                     const double *to_slope, size_t width, double t, float *result)
{
    const double rest = 1 - t;
    const double at_from = rest * rest * (1 + 2 * t);
    const double at_to = t * t * (1 + 2 * rest);
    const double along_from = t * rest * rest;
    const double along_to = -t * t * rest;
    for (size_t i = 0; i < width; i++)
        result[i] = (float)(at_from * from[i] + at_to * to[i] + along_from * from_slope[i] +
                            along_to * to_slope[i]);
}
