/*
 * Weights of a resize. Filters are sampled at the source pixels under a target pixel and normalised
 * to the sum 1, in the order of operations of Pillow (Resample.c, precompute_coeffs), whose 8-bit
 * pictures depend on the last bit. Tested by: tests/image/test_resize_planes.c
 */
#include "image/resize_weights.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/special.h"

/* ---- filters, in target pixels from their centre ---- */

static double lanczos(double x)
{
    return x >= -3 && x < 3 ? sg_sinc(x) * sg_sinc(x / 3) : 0;
}

static double box(double x)
{
    return x > -0.5 && x <= 0.5 ? 1 : 0;
}

static double triangle(double x)
{
    return fmax(0, 1 - fabs(x));
}

static double hamming(double x)
{
    return fabs(x) < 1 ? sg_sinc(x) * (0.54 + 0.46 * cos(M_PI * x)) : 0;
}

/* Keys 1981, "Cubic convolution interpolation for digital image processing", a = -0.5. */
static double cubic(double x)
{
    const double a = -0.5;
    const double t = fabs(x);
    if (t < 1)
        return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

/* A filter that widens with the scale, and where it ends. */
typedef struct filter_row {
    double (*at)(double x); /* NULL for the area, which depends on the scale */
    double reach;
} filter_row;

static const filter_row filters[] = {
    [SG_RESIZE_LANCZOS] = {lanczos, 3}, [SG_RESIZE_BOX] = {box, 0.5},
    [SG_RESIZE_AREA] = {NULL, 0.5},     [SG_RESIZE_BILINEAR] = {triangle, 1},
    [SG_RESIZE_HAMMING] = {hamming, 1}, [SG_RESIZE_BICUBIC] = {cubic, 2},
};

/* Returns the part of a target pixel that a source pixel at x, `unit` wide, covers. */
static double area(double x, double unit)
{
    return fmax(0, fmin(x + unit / 2, 0.5) - fmax(x - unit / 2, -0.5));
}

static double support_of(double scale, sg_resize_filter filter)
{
    /* area: a source pixel whose centre is outside by less than half of it still counts */
    if (filter == SG_RESIZE_AREA)
        return scale / 2 + 0.5;
    return filters[filter].reach * fmax(scale, 1);
}

/* Samples a filter for target position `at`. */
static void sample(sg_resize_weights *weights, size_t at, size_t source, double scale,
                   sg_resize_filter filter)
{
    const double support = support_of(scale, filter);
    const double center = ((double)at + 0.5) * scale;
    const double begin = fmax(center - support + 0.5, 0);
    const double end = fmin(center + support + 0.5, (double)source);
    const double unit = 1 / fmax(scale, 1);
    const size_t first = (size_t)begin;
    const size_t count = (size_t)end > first ? (size_t)end - first : 0;
    const size_t row = at - weights->from;
    double *values = weights->values + row * weights->width;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double distance = (double)(first + i) - center + 0.5;
        values[i] = filter == SG_RESIZE_AREA ? area(distance / scale, 1 / scale)
                                             : filters[filter].at(distance * unit);
        sum += values[i];
    }
    for (size_t i = 0; i < count && sum != 0; i++)
        values[i] /= sum;
    weights->first[row] = first;
    weights->count[row] = count;
}

/* ---- rules ---- */

/* Weighs the two neighbours of a place between source pixels. */
static void neighbours(sg_resize_weights *weights, size_t at, size_t source, double place)
{
    const size_t first = place < (double)source - 1 ? (size_t)place : source - 1;
    const size_t row = at - weights->from;
    double *values = weights->values + row * weights->width;
    values[1] = first + 1 < source ? place - (double)first : 0;
    values[0] = 1 - values[1];
    weights->first[row] = first;
    weights->count[row] = values[1] > 0 ? 2 : 1;
}

/* Weighs all pixels from floor(at source / target) to ceil((at + 1) source / target) - 1. */
static void cell(sg_resize_weights *weights, size_t at, size_t source, size_t target)
{
    const size_t first = at * source / target;
    const size_t end = ((at + 1) * source + target - 1) / target;
    const size_t row = at - weights->from;
    for (size_t i = 0; i < end - first; i++)
        weights->values[row * weights->width + i] = 1 / (double)(end - first);
    weights->first[row] = first;
    weights->count[row] = end - first;
}

static void weigh(sg_resize_weights *weights, size_t at, size_t source, size_t target,
                  sg_resize_filter filter)
{
    const double scale = (double)source / (double)target;
    if (filter == SG_RESIZE_HALFPIXEL)
        neighbours(weights, at, source, fmax(((double)at + 0.5) * scale - 0.5, 0));
    else if (filter == SG_RESIZE_LEGACY)
        neighbours(weights, at, source, (double)at * scale);
    else if (filter == SG_RESIZE_CELL)
        cell(weights, at, source, target);
    else
        sample(weights, at, source, scale, filter);
}

bool sg_resize_weights_make_part(sg_resize_weights *weights, size_t source, size_t target,
                                 size_t from, size_t count, sg_resize_filter filter)
{
    const double scale = (double)source / (double)target;
    const double support = filter < SG_RESIZE_FILTERS ? support_of(scale, filter) : scale / 2 + 1;
    size_t total = 0;
    *weights = (sg_resize_weights){.from = from, .width = (size_t)ceil(support) * 2 + 1};
    if (!sg_size_multiply(weights->width, count, &total))
        return false;
    weights->first = sg_allocate(count, sizeof *weights->first);
    weights->count = sg_allocate(count, sizeof *weights->count);
    weights->values = sg_allocate(total, sizeof *weights->values);
    if (!weights->first || !weights->count || !weights->values)
        return false;
    for (size_t at = from; at < from + count; at++)
        weigh(weights, at, source, target, filter);
    return true;
}

bool sg_resize_weights_make(sg_resize_weights *weights, size_t source, size_t target,
                            sg_resize_filter filter)
{
    return sg_resize_weights_make_part(weights, source, target, 0, target, filter);
}

void sg_resize_weights_free(sg_resize_weights *weights)
{
    free(weights->first);
    free(weights->count);
    free(weights->values);
    *weights = (sg_resize_weights){0};
}
