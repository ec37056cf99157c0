/*
 * Laplacian pyramids, by the binomial filter (1, 4, 6, 4, 1) / 16 along rows and columns. Beyond
 * the edges pictures are mirrored without their last pixel once more.
 */
#include "metrics/formulas/laplacian.h"

#include <string.h>

enum { TAPS = 5 };

static const double taps[TAPS] = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};

sg_status sg_laplacian_find(size_t height, size_t width, sg_laplacian_shape *shape, sg_error *error)
{
    *shape = (sg_laplacian_shape){.levels = 1, .height = {height}, .width = {width}};
    if (height < SG_LAPLACIAN_LEAST || width < SG_LAPLACIAN_LEAST)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures have %zux%zu pixels, but must have at least %dx%d", width, height,
                       SG_LAPLACIAN_LEAST, SG_LAPLACIAN_LEAST);
    while (height % 2 == 0 && width % 2 == 0 && height / 2 >= SG_LAPLACIAN_LEAST &&
           width / 2 >= SG_LAPLACIAN_LEAST && shape->levels < SG_LAPLACIAN_MOST_LEVELS) {
        height /= 2;
        width /= 2;
        shape->height[shape->levels] = height;
        shape->width[shape->levels++] = width;
    }
    return SG_OK;
}

size_t sg_laplacian_pixels(const sg_laplacian_shape *shape)
{
    size_t pixels = 0;
    for (size_t i = 0; i < shape->levels; i++)
        pixels += shape->height[i] * shape->width[i];
    return pixels;
}

/* Mirrors a position that may lie up to two pixels beyond a row of at least 3. */
static size_t mirror(size_t at, size_t offset, size_t length)
{
    const size_t moved = at + offset;
    if (moved < TAPS / 2)
        return TAPS / 2 - moved;
    const size_t place = moved - TAPS / 2;
    return place < length ? place : 2 * (length - 1) - place;
}

/* Filters along a direction: elements are `stride` apart, lines `line_stride`. */
static void filter_lines(const double *from, size_t length, size_t stride, size_t lines,
                         size_t line_stride, double *to)
{
    for (size_t line = 0; line < lines; line++)
        for (size_t i = 0; i < length; i++) {
            double sum = 0;
            for (size_t k = 0; k < TAPS; k++)
                sum += taps[k] * from[line * line_stride + mirror(i, k, length) * stride];
            to[line * line_stride + i * stride] = sum;
        }
}

/* Filters a plane in place; `other` has room for a plane. */
static void filter(double *plane, size_t height, size_t width, double *other)
{
    filter_lines(plane, width, 1, height, width, other);
    filter_lines(other, height, width, width, 1, plane);
}

/* Writes every second pixel of the filtered plane to `half`. */
static void shrink(const double *plane, size_t height, size_t width, double *scratch, double *half)
{
    double *filtered = scratch;
    memcpy(filtered, plane, height * width * sizeof *filtered);
    filter(filtered, height, width, scratch + height * width);
    for (size_t y = 0; y < height / 2; y++)
        for (size_t x = 0; x < width / 2; x++)
            half[y * (width / 2) + x] = filtered[2 * y * width + 2 * x];
}

/* Enlarges `half` to `height` x `width`: zeros between pixels, and the filter times 4. */
static void enlarge(const double *half, size_t height, size_t width, double *plane, double *other)
{
    memset(plane, 0, height * width * sizeof *plane);
    for (size_t y = 0; y < height / 2; y++)
        for (size_t x = 0; x < width / 2; x++)
            plane[2 * y * width + 2 * x] = 4 * half[y * (width / 2) + x];
    filter(plane, height, width, other);
}

void sg_laplacian_compute(const sg_laplacian_shape *shape, const float *plane, double *scratch,
                          float *pyramid)
{
    /* scratch: the level, its half, and room for two planes while filtering */
    const size_t pixels = shape->height[0] * shape->width[0];
    double *level = scratch;
    double *half = level + pixels;
    double *work = half + pixels / 4;
    for (size_t i = 0; i < pixels; i++)
        level[i] = (double)plane[i];
    for (size_t i = 0; i < shape->levels; i++) {
        const size_t height = shape->height[i];
        const size_t width = shape->width[i];
        const bool last = i + 1 == shape->levels;
        if (!last) {
            shrink(level, height, width, work, half);
            enlarge(half, height, width, work, work + height * width);
        }
        for (size_t k = 0; k < height * width; k++)
            pyramid[k] = (float)(last ? level[k] : level[k] - work[k]);
        pyramid += height * width;
        if (!last)
            memcpy(level, half, height / 2 * (width / 2) * sizeof *level);
    }
}
