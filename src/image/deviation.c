/*
 * Standard deviations of pixels, from sums of the channels' levels and of their squares. These are
 * whole numbers, so they are exact in any order: with SG_DEVIATION_LIMIT pictures of four channels,
 * count * squares is about 1e18.
 */
#include "image/deviation.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"

/* The sums of a pixel. */
typedef struct pixel_sums {
    uint64_t levels;  /* sum over the pictures of the sum over a pixel's channels */
    uint64_t squares; /* sum of the squares of the latter */
} pixel_sums;

struct sg_deviation {
    sg_image_shape shape;
    uint64_t count;   /* pictures */
    pixel_sums *sums; /* [height * width] */
};

sg_status sg_deviation_create(const sg_image_shape *shape, sg_deviation **deviation,
                              sg_error *error)
{
    size_t pixels = 0;
    sg_deviation *created = sg_allocate(1, sizeof *created);
    if (created && sg_size_multiply(shape->width, shape->height, &pixels))
        created->sums = sg_allocate(pixels, sizeof *created->sums);
    *deviation = NULL;
    if (!created || !created->sums) {
        sg_deviation_destroy(created);
        return sg_fail_memory(error, "the deviations of %zux%zu pixels", shape->width,
                              shape->height);
    }
    created->shape = *shape;
    *deviation = created;
    return SG_OK;
}

void sg_deviation_destroy(sg_deviation *deviation)
{
    if (!deviation)
        return;
    free(deviation->sums);
    free(deviation);
}

sg_status sg_deviation_add(sg_deviation *deviation, const sg_image *image, sg_error *error)
{
    const sg_image_shape *shape = &deviation->shape;
    if (!sg_image_has_shape(image, shape))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "deviations of pictures of %zux%zu pixels with %zu channels cannot take one "
                       "of %zux%zu with %zu",
                       shape->width, shape->height, shape->channels, image->width, image->height,
                       image->channels);
    if (deviation->count >= SG_DEVIATION_LIMIT)
        return sg_fail(error, SG_ERROR_ARGUMENT, "deviations must be of at most %d pictures",
                       SG_DEVIATION_LIMIT);
    const uint8_t *pixel = image->pixels;
    for (size_t i = 0; i < shape->width * shape->height; i++, pixel += shape->channels) {
        uint64_t sum = 0;
        for (size_t channel = 0; channel < shape->channels; channel++)
            sum += pixel[channel];
        deviation->sums[i].levels += sum;
        deviation->sums[i].squares += sum * sum;
    }
    deviation->count++;
    return SG_OK;
}

/* Returns a pixel's deviation, in levels; the difference of integers is exact and not negative. */
static double deviation_of(const sg_deviation *deviation, size_t pixel)
{
    const pixel_sums *sums = &deviation->sums[pixel];
    const uint64_t difference = deviation->count * sums->squares - sums->levels * sums->levels;
    return sqrt((double)difference) / (double)(deviation->count * deviation->shape.channels);
}

sg_status sg_deviation_map(const sg_deviation *deviation, double scale, sg_image **map,
                           sg_error *error)
{
    const sg_image_shape *shape = &deviation->shape;
    *map = NULL;
    if (deviation->count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there is no standard deviation without pictures");
    SG_TRY(sg_image_create(shape->width, shape->height, 1, map, error));
    for (size_t i = 0; i < shape->width * shape->height; i++)
        (*map)->pixels[i] = (uint8_t)fmin(deviation_of(deviation, i) * scale + 0.5, 255);
    return SG_OK;
}

void sg_deviation_summary(const sg_deviation *deviation, double *largest, double *mean)
{
    const size_t pixels = deviation->shape.width * deviation->shape.height;
    *largest = 0;
    *mean = 0;
    if (deviation->count == 0)
        return;
    for (size_t i = 0; i < pixels; i++) {
        const double deviated = deviation_of(deviation, i);
        *largest = fmax(*largest, deviated);
        *mean += deviated;
    }
    *mean /= (double)pixels;
}
