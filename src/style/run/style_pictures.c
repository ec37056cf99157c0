/* Pictures of style transfers. Tested by: tests/cli/test_style.c */
#include "style/run/style_pictures.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/channels.h"
#include "image/files/picture_file.h"
#include "image/resize.h"
#include "style/colours.h"

enum { COLOURS = 3 };

#define LARGEST_FILE ((size_t)1 << 30)

sg_status sg_style_picture_resize(sg_image **image, size_t width, size_t height, sg_error *error)
{
    sg_image *resized = NULL;
    if ((*image)->width == width && (*image)->height == height)
        return SG_OK;
    SG_TRY(sg_image_resize(*image, width, height, SG_RESIZE_LANCZOS, &resized, error));
    sg_image_destroy(*image);
    *image = resized;
    return SG_OK;
}

/* Replaces *image by one of so many channels. */
static sg_status convert(sg_image **image, size_t channels, sg_error *error)
{
    sg_image *converted = NULL;
    SG_TRY(sg_image_convert_channels(*image, channels, &converted, error));
    sg_image_destroy(*image);
    *image = converted;
    return SG_OK;
}

/* Returns a side in proportion, at least 1. */
static size_t in_proportion(size_t side, size_t longer, size_t size)
{
    const size_t scaled = (size_t)lround((double)side * (double)size / (double)longer);
    return scaled > 0 ? scaled : 1;
}

sg_status sg_style_picture_read(const char *path, size_t size, size_t channels, sg_image **image,
                                sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t count = 0;
    *image = NULL;
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &count, error));
    sg_status status = sg_picture_decode(path, bytes, count, image, error);
    free(bytes);
    if (!status)
        status = convert(image, channels, error);
    if (!status) {
        const size_t width = (*image)->width;
        const size_t height = (*image)->height;
        const size_t longer = width > height ? width : height;
        status = sg_style_picture_resize(image, in_proportion(width, longer, size),
                                         in_proportion(height, longer, size), error);
    }
    if (status) {
        sg_image_destroy(*image);
        *image = NULL;
    }
    return status;
}

/* Returns the pixels as numbers of 0 to 1 on the heap; NULL on lack of memory. */
static double *numbers_of(const sg_image *image)
{
    double *numbers = sg_allocate(sg_image_size(image), sizeof *numbers);
    for (size_t i = 0; numbers && i < sg_image_size(image); i++)
        numbers[i] = image->pixels[i] / 255.0;
    return numbers;
}

sg_status sg_style_picture_recolour(sg_image *image, const sg_image *reference, sg_error *error)
{
    if (image->channels != COLOURS || reference->channels != COLOURS)
        return SG_OK;
    double *pixels = numbers_of(image);
    double *colours = numbers_of(reference);
    if (pixels && colours) {
        sg_colours_align(pixels, sg_image_size(image) / COLOURS, colours,
                         sg_image_size(reference) / COLOURS);
        for (size_t i = 0; i < sg_image_size(image); i++)
            image->pixels[i] = (uint8_t)lround(fmin(fmax(pixels[i], 0), 1) * 255);
    }
    const sg_status status = pixels && colours ? SG_OK : sg_fail_memory(error, "colours");
    free(pixels);
    free(colours);
    return status;
}
