/*
 * Multi-scale structural similarity. A level's means, squares and products are averaged under a
 * Gaussian window, along rows, then along columns; windows lie within the picture.
 */
#include "metrics/formulas/ms_ssim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum { WINDOW = 11, MAPS = 5, GRAIN_PIXELS = 1 << 15 };

static const double range = 255;
static const double k1 = 0.01;
static const double k2 = 0.03;

const double sg_ms_ssim_weights[SG_SSIM_LEVELS] = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

/* A plane of both pictures at a level. */
typedef struct plane_pair {
    size_t height, width;
    double *a, *b; /* [height, width] */
    size_t window;
    double taps[WINDOW];
    double *rows;     /* [MAPS, height, width]: averages along rows of a, b, a a, b b, a b */
    double *windows;  /* the same, averaged along columns too */
    double *ssim;     /* [height]: sums of rows of the result */
    double *contrast; /* [height] */
} plane_pair;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Sets the window of a level: 11 pixels with a deviation of 1.5, less in small pictures. */
static void set_window(plane_pair *planes)
{
    const size_t size = smaller(smaller(planes->height, planes->width), WINDOW);
    const double deviation = 1.5 * (double)size / WINDOW;
    double sum = 0;
    planes->window = size;
    for (size_t i = 0; i < size; i++) {
        const double x = ((double)i - ((double)size - 1) / 2) / deviation;
        planes->taps[i] = exp(-x * x / 2);
        sum += planes->taps[i];
    }
    for (size_t i = 0; i < size; i++)
        planes->taps[i] /= sum;
}

SG_VECTORISED static void average_row(const plane_pair *planes, size_t y)
{
    const size_t size = planes->height * planes->width;
    const size_t columns = planes->width - planes->window + 1;
    const double *restrict a = planes->a + y * planes->width;
    const double *restrict b = planes->b + y * planes->width;
    double *restrict rows = planes->rows + y * planes->width;
    for (size_t map = 0; map < MAPS; map++)
        memset(rows + map * size, 0, columns * sizeof *rows);
    for (size_t k = 0; k < planes->window; k++)
        for (size_t x = 0; x < columns; x++) {
            const double of_a = planes->taps[k] * a[x + k];
            const double of_b = planes->taps[k] * b[x + k];
            rows[x] += of_a;
            rows[size + x] += of_b;
            rows[2 * size + x] += of_a * a[x + k];
            rows[3 * size + x] += of_b * b[x + k];
            rows[4 * size + x] += of_a * b[x + k];
        }
}

static void average_rows(size_t begin, size_t end, void *argument)
{
    for (size_t y = begin; y < end; y++)
        average_row(argument, y);
}

SG_VECTORISED static void average_columns(const plane_pair *planes, size_t y)
{
    const size_t size = planes->height * planes->width;
    const size_t columns = planes->width - planes->window + 1;
    for (size_t map = 0; map < MAPS; map++) {
        const double *restrict rows = planes->rows + map * size + y * planes->width;
        double *restrict windows = planes->windows + map * size + y * planes->width;
        memset(windows, 0, columns * sizeof *windows);
        for (size_t k = 0; k < planes->window; k++)
            for (size_t x = 0; x < columns; x++)
                windows[x] += planes->taps[k] * rows[k * planes->width + x];
    }
}

SG_VECTORISED static void compare_row(const plane_pair *planes, size_t y)
{
    const double c1 = k1 * range * k1 * range;
    const double c2 = k2 * range * k2 * range;
    const size_t size = planes->height * planes->width;
    const size_t columns = planes->width - planes->window + 1;
    const double *windows = planes->windows + y * planes->width;
    double ssim = 0;
    double contrast = 0;
    for (size_t x = 0; x < columns; x++) {
        const double a = windows[x];
        const double b = windows[size + x];
        const double spread = windows[2 * size + x] - a * a + windows[3 * size + x] - b * b;
        const double cs = (2 * (windows[4 * size + x] - a * b) + c2) / (spread + c2);
        contrast += cs;
        ssim += (2 * a * b + c1) / (a * a + b * b + c1) * cs;
    }
    planes->ssim[y] = ssim;
    planes->contrast[y] = contrast;
}

static void compare_rows(size_t begin, size_t end, void *argument)
{
    for (size_t y = begin; y < end; y++) {
        average_columns(argument, y);
        compare_row(argument, y);
    }
}

/* Adds the plane's means of both measures. */
static void compare_level(plane_pair *planes, double *ssim, double *contrast)
{
    set_window(planes);
    const size_t rows = planes->height - planes->window + 1;
    const size_t columns = planes->width - planes->window + 1;
    const double count = (double)rows * (double)columns;
    const size_t grain = GRAIN_PIXELS / planes->width + 1;
    sg_parallel_for(planes->height, grain, average_rows, planes);
    sg_parallel_for(rows, grain, compare_rows, planes);
    for (size_t y = 0; y < rows; y++) {
        *ssim += planes->ssim[y] / count;
        *contrast += planes->contrast[y] / count;
    }
}

/* Halves a plane in place by means of 2x2 pixels; an odd last row or column counts twice. */
static void halve(double *plane, size_t height, size_t width)
{
    for (size_t y = 0; y < (height + 1) / 2; y++)
        for (size_t x = 0; x < (width + 1) / 2; x++) {
            const size_t below = smaller(2 * y + 1, height - 1);
            const size_t right = smaller(2 * x + 1, width - 1);
            plane[y * ((width + 1) / 2) + x] =
                (plane[2 * y * width + 2 * x] + plane[2 * y * width + right] +
                 plane[below * width + 2 * x] + plane[below * width + right]) /
                4;
        }
}

/* Compares a channel at all levels, adding its share of the means over channels. */
static void compare_channel(const sg_picture_pair *pair, size_t channel, plane_pair *planes,
                            sg_ms_ssim_result *result)
{
    const size_t size = pair->height * pair->width;
    planes->height = pair->height;
    planes->width = pair->width;
    for (size_t i = 0; i < size; i++) {
        planes->a[i] = (double)pair->a[channel * size + i];
        planes->b[i] = (double)pair->b[channel * size + i];
    }
    for (int level = 0; level < SG_SSIM_LEVELS; level++) {
        double ssim = 0;
        double contrast = 0;
        compare_level(planes, &ssim, &contrast);
        result->ssim[level] += ssim / (double)pair->channels;
        result->contrast[level] += contrast / (double)pair->channels;
        halve(planes->a, planes->height, planes->width);
        halve(planes->b, planes->height, planes->width);
        planes->height = (planes->height + 1) / 2;
        planes->width = (planes->width + 1) / 2;
    }
}

sg_status sg_ms_ssim(const sg_picture_pair *pair, const double weights[SG_SSIM_LEVELS],
                     sg_ms_ssim_result *result, sg_error *error)
{
    const size_t size = pair->height * pair->width;
    *result = (sg_ms_ssim_result){.value = 1};
    if (size == 0 || pair->channels == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures of %zux%zu pixels with %zu channels cannot be compared",
                       pair->width, pair->height, pair->channels);
    double *block = sg_allocate(size, (2 + 2 * MAPS) * sizeof *block);
    double *sums = sg_allocate(pair->height, 2 * sizeof *sums);
    if (block && sums) {
        plane_pair planes = {.a = block,
                             .b = block + size,
                             .rows = block + 2 * size,
                             .windows = block + (2 + MAPS) * size,
                             .ssim = sums,
                             .contrast = sums + pair->height};
        for (size_t c = 0; c < pair->channels; c++)
            compare_channel(pair, c, &planes, result);
        for (int i = 0; i < SG_SSIM_LEVELS; i++)
            result->value *=
                pow(fmax(i + 1 < SG_SSIM_LEVELS ? result->contrast[i] : result->ssim[i], 0),
                    weights[i]);
    }
    const bool complete = block && sums;
    free(block);
    free(sums);
    return complete ? SG_OK : sg_fail_memory(error, "the similarity of two pictures");
}
