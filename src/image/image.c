/*
 * Eight-bit pictures: creation with checked sizes, quantisation of a network's floats, enlargement
 * by whole factors (nearest neighbour), parts.
 */
#include "image/image.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

static sg_status check_shape(size_t width, size_t height, size_t channels, sg_error *error)
{
    if (width < 1 || height < 1 || width > SG_IMAGE_LARGEST_SIDE || height > SG_IMAGE_LARGEST_SIDE)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "the size of an image is %zux%zu pixels, but each side must be from 1 to %zu", width,
            height, SG_IMAGE_LARGEST_SIDE);
    if (channels < 1 || channels > 4)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the channels of an image are %zu, but must be from 1 to 4", channels);
    return SG_OK;
}

sg_status sg_image_create(size_t width, size_t height, size_t channels, sg_image **image,
                          sg_error *error)
{
    *image = NULL;
    SG_TRY(check_shape(width, height, channels, error));
    size_t pixel_count = 0;
    sg_image *created = sg_allocate(1, sizeof *created);
    if (created && sg_size_multiply(width, height, &pixel_count))
        created->pixels = sg_allocate(pixel_count, channels);
    if (!created || !created->pixels) {
        sg_image_destroy(created);
        return sg_fail_memory(error, "an image of %zux%zu pixels with %zu channels", width, height,
                              channels);
    }
    created->width = width;
    created->height = height;
    created->channels = channels;
    *image = created;
    return SG_OK;
}

sg_status sg_image_check_promise(const char *name, size_t width, size_t height, size_t file_size,
                                 double pixels_per_byte, sg_error *error)
{
    const double pixels = (double)width * (double)height;
    if (width > SG_IMAGE_LARGEST_SIDE || height > SG_IMAGE_LARGEST_SIDE ||
        pixels > pixels_per_byte * ((double)file_size + 1))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: its header promises %zux%zu pixels, more than its %zu bytes can hold",
                       name, width, height, file_size);
    if (pixels > (double)SG_PICTURE_LARGEST_PIXELS)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: its header promises %zux%zu pixels, expected at most %zu in all", name,
                       width, height, SG_PICTURE_LARGEST_PIXELS);
    return SG_OK;
}

void sg_image_destroy(sg_image *image)
{
    if (!image)
        return;
    free(image->pixels);
    free(image);
}

size_t sg_image_size(const sg_image *image)
{
    return image->width * image->height * image->channels;
}

sg_image_shape sg_image_shape_of(const sg_image *image)
{
    return (sg_image_shape){image->width, image->height, image->channels};
}

bool sg_image_has_shape(const sg_image *image, const sg_image_shape *shape)
{
    return image->width == shape->width && image->height == shape->height &&
           image->channels == shape->channels;
}

uint8_t sg_image_level(float value)
{
    const float level = value * 127.5f + 128.0f;
    if (!(level > 0.0f)) /* written so that NaN lands here too */
        return 0;
    return level < 255.0f ? (uint8_t)level : 255;
}

void sg_image_level_values(const uint8_t *levels, size_t count, float *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)levels[i] / 127.5f - 1.0f;
}

sg_status sg_image_from_floats(const float *values, size_t height, size_t width, size_t channels,
                               sg_image **image, sg_error *error)
{
    const size_t kept = channels <= 4 ? channels : 3;
    SG_TRY(sg_image_create(width, height, kept, image, error));
    uint8_t *pixel = (*image)->pixels;
    for (size_t i = 0; i < width * height; i++, pixel += kept, values += channels)
        for (size_t channel = 0; channel < kept; channel++)
            pixel[channel] = sg_image_level(values[channel]);
    return SG_OK;
}

/* Copies a row with each pixel repeated `factor` times. */
static void widen_row(const uint8_t *source, size_t width, size_t channels, size_t factor,
                      uint8_t *target)
{
    for (size_t x = 0; x < width; x++, source += channels)
        for (size_t copy = 0; copy < factor; copy++, target += channels)
            memcpy(target, source, channels);
}

sg_status sg_image_scale_integer(const sg_image *image, size_t factor, sg_image **scaled,
                                 sg_error *error)
{
    *scaled = NULL;
    if (factor < 1 || factor > SG_IMAGE_LARGEST_SIDE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the factor by which an image is enlarged is %zu, but must be from 1 to %zu",
                       factor, SG_IMAGE_LARGEST_SIDE);
    SG_TRY(sg_image_create(image->width * factor, image->height * factor, image->channels, scaled,
                           error));
    const size_t source_row = image->width * image->channels;
    const size_t target_row = source_row * factor;
    uint8_t *target = (*scaled)->pixels;
    for (size_t y = 0; y < image->height; y++) {
        const uint8_t *first = target;
        widen_row(image->pixels + y * source_row, image->width, image->channels, factor, target);
        target += target_row;
        for (size_t copy = 1; copy < factor; copy++, target += target_row)
            memcpy(target, first, target_row);
    }
    return SG_OK;
}

sg_status sg_image_crop(const sg_image *image, size_t left, size_t top, size_t width, size_t height,
                        sg_image **cropped, sg_error *error)
{
    *cropped = NULL;
    if (left > image->width || top > image->height || width > image->width - left ||
        height > image->height - top)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zux%zu pixels from (%zu, %zu) on are not within a picture of %zux%zu",
                       width, height, left, top, image->width, image->height);
    SG_TRY(sg_image_create(width, height, image->channels, cropped, error));
    const size_t row = width * image->channels;
    for (size_t y = 0; y < height; y++)
        memcpy((*cropped)->pixels + y * row,
               image->pixels + ((top + y) * image->width + left) * image->channels, row);
    return SG_OK;
}

void sg_image_paste(const sg_image *image, sg_image *target, size_t left, size_t top)
{
    const size_t row = image->width * image->channels;
    for (size_t y = 0; y < image->height; y++)
        memcpy(target->pixels + ((top + y) * target->width + left) * target->channels,
               image->pixels + y * row, row);
}

sg_status sg_image_beside(const sg_image *left, const sg_image *right, sg_image **both,
                          sg_error *error)
{
    SG_TRY(sg_image_create(left->width + right->width, left->height, left->channels, both, error));
    sg_image_paste(left, *both, 0, 0);
    sg_image_paste(right, *both, left->width, 0);
    return SG_OK;
}
