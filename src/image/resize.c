/*
 * Resizes in two passes, first along rows, then along columns. For each target position the weights
 * of the source pixels under it are sampled from the filter, normalised, and rounded to multiples
 * of 2^-22; the sums of weight times level are then integers, rounded and clamped to 8 bits. These
 * are Pillow's steps (Resample.c), so box and Lanczos give its pictures to the last bit.
 */
#include "image/resize.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/special.h"

#define PRECISION 22 /* bits of a weight's fraction */

static const char *const filter_names[] = {"lanczos", "box", "area"};
const sg_choices sg_resize_choices = SG_CHOICES(filter_names);

/* The weights of every target position. */
typedef struct weight_table {
    size_t width;     /* room for the weights of a position */
    size_t *first;    /* [target]: the source position of the first weight */
    size_t *count;    /* [target]: the number of weights, at most `width` */
    int32_t *weights; /* [target, width], in units of 2^-PRECISION */
} weight_table;

/* Returns the filter at x, in target pixels from its centre; a source pixel is `unit` wide. */
static double filter_at(sg_resize_filter filter, double x, double unit)
{
    switch (filter) {
    case SG_RESIZE_LANCZOS:
        return x >= -3 && x < 3 ? sg_sinc(x) * sg_sinc(x / 3) : 0;
    case SG_RESIZE_BOX:
        return x > -0.5 && x <= 0.5 ? 1 : 0;
    case SG_RESIZE_AREA:
        break;
    }
    return fmax(0, fmin(x + unit / 2, 0.5) - fmax(x - unit / 2, -0.5));
}

static int32_t quantise(double weight)
{
    const double scaled = weight * (1 << PRECISION);
    return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

/* Fills in the weights of target position `at`; `scratch` holds table->width numbers. */
static void weigh(weight_table *table, size_t at, size_t source, double scale,
                  sg_resize_filter filter, double support, double *scratch)
{
    const double stretch = fmax(scale, 1);
    const double width = filter == SG_RESIZE_AREA ? scale : stretch;
    const double center = ((double)at + 0.5) * scale;
    const double begin = fmax(center - support + 0.5, 0);
    const double end = fmin(center + support + 0.5, (double)source);
    const size_t first = (size_t)begin;
    const size_t count = (size_t)end > first ? (size_t)end - first : 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double distance = (double)(first + i) - center + 0.5;
        scratch[i] = filter_at(filter, distance / width, 1 / width);
        sum += scratch[i];
    }
    for (size_t i = 0; i < count; i++) {
        const double weight = sum != 0 ? scratch[i] / sum : scratch[i];
        table->weights[at * table->width + i] = quantise(weight);
    }
    table->first[at] = first;
    table->count[at] = count;
}

/* Computes the weights from `source` pixels to `target`; false on lack of memory. */
static bool make_table(weight_table *table, size_t source, size_t target, sg_resize_filter filter)
{
    const double scale = (double)source / (double)target;
    /* area: a source pixel whose centre is outside by less than half of it still counts */
    const double reach = filter == SG_RESIZE_LANCZOS ? 3 : 0.5;
    const double support = filter == SG_RESIZE_AREA ? scale / 2 + 0.5 : reach * fmax(scale, 1);
    size_t total = 0;
    *table = (weight_table){.width = (size_t)ceil(support) * 2 + 1};
    if (!sg_size_multiply(table->width, target, &total))
        return false;
    double *scratch = sg_allocate(table->width, sizeof *scratch);
    table->first = sg_allocate(target, sizeof *table->first);
    table->count = sg_allocate(target, sizeof *table->count);
    table->weights = sg_allocate(total, sizeof *table->weights);
    const bool complete = scratch && table->first && table->count && table->weights;
    for (size_t at = 0; complete && at < target; at++)
        weigh(table, at, source, scale, filter, support, scratch);
    free(scratch);
    return complete;
}

static uint8_t level_of(int64_t sum)
{
    const int64_t level = (sum + (1 << (PRECISION - 1))) >> PRECISION;
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

static void resize_rows(const sg_image *from, const weight_table *table, sg_image *to)
{
    const size_t channels = from->channels;
    for (size_t y = 0; y < to->height; y++) {
        const uint8_t *row = from->pixels + y * from->width * channels;
        uint8_t *target = to->pixels + y * to->width * channels;
        for (size_t x = 0; x < to->width; x++) {
            const int32_t *weights = table->weights + x * table->width;
            for (size_t c = 0; c < channels; c++) {
                const uint8_t *source = row + table->first[x] * channels + c;
                int64_t sum = 0;
                for (size_t i = 0; i < table->count[x]; i++)
                    sum += (int64_t)weights[i] * source[i * channels];
                target[x * channels + c] = level_of(sum);
            }
        }
    }
}

/* `sums` holds one number for each element of a row. */
static void resize_columns(const sg_image *from, const weight_table *table, int64_t *sums,
                           sg_image *to)
{
    const size_t row_size = from->width * from->channels;
    for (size_t y = 0; y < to->height; y++) {
        const uint8_t *source = from->pixels + table->first[y] * row_size;
        uint8_t *target = to->pixels + y * row_size;
        memset(sums, 0, row_size * sizeof *sums);
        for (size_t i = 0; i < table->count[y]; i++, source += row_size) {
            const int64_t weight = table->weights[y * table->width + i];
            for (size_t x = 0; x < row_size; x++)
                sums[x] += weight * source[x];
        }
        for (size_t x = 0; x < row_size; x++)
            target[x] = level_of(sums[x]);
    }
}

/* Runs one pass: along rows when the width changes, otherwise along columns. */
static sg_status run_pass(const sg_image *from, size_t width, size_t height,
                          sg_resize_filter filter, sg_image **to, sg_error *error)
{
    const bool along_rows = width != from->width;
    weight_table table = {0};
    sg_status status = SG_OK;
    SG_TRY(sg_image_create(width, height, from->channels, to, error));
    int64_t *sums = sg_allocate(width * from->channels, sizeof *sums);
    const bool complete = sums && make_table(&table, along_rows ? from->width : from->height,
                                             along_rows ? width : height, filter);
    if (!complete) {
        status = sg_fail_memory(error, "resizing a picture to %zux%zu", width, height);
        sg_image_destroy(*to);
        *to = NULL;
    } else if (along_rows) {
        resize_rows(from, &table, *to);
    } else {
        resize_columns(from, &table, sums, *to);
    }
    free(table.first);
    free(table.count);
    free(table.weights);
    free(sums);
    return status;
}

static sg_status run_passes(const sg_image *image, size_t width, size_t height,
                            sg_resize_filter filter, sg_image **resized, sg_error *error)
{
    if (width == image->width)
        return run_pass(image, width, height, filter, resized, error);
    sg_image *narrowed = NULL;
    sg_status status = run_pass(image, width, image->height, filter, &narrowed, error);
    if (status || height == image->height) {
        *resized = narrowed;
        return status;
    }
    status = run_pass(narrowed, width, height, filter, resized, error);
    sg_image_destroy(narrowed);
    return status;
}

/* Multiplies the colours by the alpha, or divides them by it. */
static void weigh_by_alpha(sg_image *image, bool multiply)
{
    const size_t colors = image->channels - 1;
    const size_t count = image->width * image->height;
    uint8_t *pixel = image->pixels;
    for (size_t i = 0; i < count; i++, pixel += image->channels) {
        const unsigned alpha = pixel[colors];
        for (size_t c = 0; c < colors && alpha > 0; c++) {
            const unsigned level =
                multiply ? (pixel[c] * alpha + 127) / 255 : pixel[c] * 255u / alpha;
            pixel[c] = (uint8_t)(level < 255 ? level : 255);
        }
        if (alpha == 0 && multiply)
            memset(pixel, 0, colors);
    }
}

sg_status sg_image_resize(const sg_image *image, size_t width, size_t height,
                          sg_resize_filter filter, sg_image **resized, sg_error *error)
{
    *resized = NULL;
    if (width == image->width && height == image->height)
        return sg_image_crop(image, 0, 0, width, height, resized, error);
    if (image->channels % 2 != 0)
        return run_passes(image, width, height, filter, resized, error);
    sg_image *weighted = NULL;
    SG_TRY(sg_image_crop(image, 0, 0, image->width, image->height, &weighted, error));
    weigh_by_alpha(weighted, true);
    const sg_status status = run_passes(weighted, width, height, filter, resized, error);
    if (!status)
        weigh_by_alpha(*resized, false);
    sg_image_destroy(weighted);
    return status;
}
