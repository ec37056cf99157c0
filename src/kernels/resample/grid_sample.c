/*
 * Bilinear sampling and its adjoint, samples over threads.
 * Tested by: tests/ops/augment/test_grid_sample.c
 */
#include "kernels/resample/grid_sample.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/parallel.h"

/* The four pixels around a point: the first one's index, and the weights of left, right, above and
 * below, which are 0 outside of the image. */
typedef struct grid_corners {
    int64_t at;
    double left, right, above, below;
} grid_corners;

/* Returns what one axis contributes; false when both pixels are outside. */
static bool find_axis(double position, int64_t size, int64_t *first, double *before, double *after)
{
    if (!(position > -1 && position < (double)size))
        return false;
    const double floored = floor(position);
    *first = (int64_t)floored;
    *before = *first >= 0 ? 1 - (position - floored) : 0;
    *after = *first + 1 < size ? position - floored : 0;
    return true;
}

/* Finds the pixels around output point (i, j); false when all are outside. */
static bool find_corners(const sg_grid_shape *shape, const double *map, int64_t i, int64_t j,
                         grid_corners *corners)
{
    const double x = map[0] * (double)i + map[1] * (double)j + map[2];
    const double y = map[3] * (double)i + map[4] * (double)j + map[5];
    int64_t column = 0;
    int64_t row = 0;
    if (!find_axis(x, shape->in_width, &column, &corners->left, &corners->right) ||
        !find_axis(y, shape->in_height, &row, &corners->above, &corners->below))
        return false;
    corners->at = (row * shape->in_width + column) * shape->channels;
    return true;
}

#define TEMPLATE "kernels/resample/grid_sample.inc"
#include "kernels/vector/each_real.inc"
