/*
 * Resizes in two passes, first along rows, then along columns. The weights of the source pixels
 * (resize_weights.h) are rounded to multiples of 2^-22; the sums of weight times level are then
 * integers, rounded and clamped to 8 bits. These are Pillow's steps (Resample.c), so the filters
 * that it has give its pictures to the last bit.
 */
#include "image/resize.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

#define PRECISION 22 /* bits of a weight's fraction */

static const char *const filter_names[] = {"lanczos",  "box",     "area",
                                           "bilinear", "hamming", "bicubic"};
const sg_choices sg_resize_choices = SG_CHOICES(filter_names);

/* The weights of every target position, rounded. */
typedef struct weight_table {
    sg_resize_weights exact;
    int32_t *weights; /* [target, exact.width], in units of 2^-PRECISION */
} weight_table;

static int32_t quantise(double weight)
{
    const double scaled = weight * (1 << PRECISION);
    return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

/* Computes the weights from `source` pixels to `target`; false on lack of memory. */
static bool make_table(weight_table *table, size_t source, size_t target, sg_resize_filter filter)
{
    if (!sg_resize_weights_make(&table->exact, source, target, filter))
        return false;
    const size_t width = table->exact.width;
    table->weights = sg_allocate(width * target, sizeof *table->weights);
    for (size_t at = 0; table->weights && at < target; at++)
        for (size_t i = 0; i < table->exact.count[at]; i++)
            table->weights[at * width + i] = quantise(table->exact.values[at * width + i]);
    return table->weights != NULL;
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
            const int32_t *weights = table->weights + x * table->exact.width;
            for (size_t c = 0; c < channels; c++) {
                const uint8_t *source = row + table->exact.first[x] * channels + c;
                int64_t sum = 0;
                for (size_t i = 0; i < table->exact.count[x]; i++)
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
        const uint8_t *source = from->pixels + table->exact.first[y] * row_size;
        uint8_t *target = to->pixels + y * row_size;
        memset(sums, 0, row_size * sizeof *sums);
        for (size_t i = 0; i < table->exact.count[y]; i++, source += row_size) {
            const int64_t weight = table->weights[y * table->exact.width + i];
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
    sg_resize_weights_free(&table.exact);
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
