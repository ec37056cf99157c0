/*
 * Eight-bit pictures in memory: rows from top to bottom, pixels from left to right, the channels of
 * a pixel side by side (height, width, channels), without padding between rows.
 */
#ifndef SG_IMAGE_IMAGE_H
#define SG_IMAGE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The longest side of a picture, in pixels. */
#define SG_IMAGE_LARGEST_SIDE ((size_t)1000000)

/* The most pixels that are decoded from a file: a few bytes could promise any number. */
#define SG_PICTURE_LARGEST_PIXELS ((size_t)1 << 28)

/* A picture; made by sg_image_create and its like, released by sg_image_destroy. */
typedef struct sg_image {
    size_t width;    /* pixels */
    size_t height;   /* pixels */
    size_t channels; /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA */
    uint8_t *pixels; /* height * width * channels bytes, owned by the image */
} sg_image;

/* The shape of a picture, which its file tells before the pixels are decoded. */
typedef struct sg_image_shape {
    size_t width;    /* pixels */
    size_t height;   /* pixels */
    size_t channels; /* as in sg_image */
} sg_image_shape;

/*
 * Makes a black picture (transparent if it has alpha) in *image, which the caller destroys. Fails
 * with SG_ERROR_ARGUMENT for a side outside 1 .. SG_IMAGE_LARGEST_SIDE or channels outside 1 .. 4,
 * and with SG_ERROR_MEMORY; *image is NULL then.
 */
sg_status sg_image_create(size_t width, size_t height, size_t channels, sg_image **image,
                          sg_error *error);

/*
 * Checks the size that a file's header promises against the pixels that `file_size` bytes of at
 * most `pixels_per_byte` can hold, and against SG_PICTURE_LARGEST_PIXELS. Fails with
 * SG_ERROR_FORMAT and a sentence that names the file.
 */
sg_status sg_image_check_promise(const char *name, size_t width, size_t height, size_t file_size,
                                 double pixels_per_byte, sg_error *error);

/* Releases the picture with its pixels; NULL is allowed. */
void sg_image_destroy(sg_image *image);

/* Returns the number of bytes in image->pixels. */
size_t sg_image_size(const sg_image *image);

/* Returns the shape of a picture, and whether a picture has a shape. */
sg_image_shape sg_image_shape_of(const sg_image *image);
bool sg_image_has_shape(const sg_image *image, const sg_image_shape *shape);

/*
 * Returns the 8-bit level of a network's value: x * 127.5 + 128, clamped to 0 .. 255 and truncated,
 * as the official programs quantise. NaN becomes 0.
 */
uint8_t sg_image_level(float value);

/* Converts `count` levels to a network's values: x / 127.5 - 1, from -1 to 1. */
void sg_image_level_values(const uint8_t *levels, size_t count, float *values);

/*
 * Makes a picture of `height` x `width` x `channels` floats (channels innermost) of nominal range
 * [-1, 1], each through sg_image_level. One to four channels become grey, grey and alpha, RGB and
 * RGBA; of more than four the first three become RGB. Fails as sg_image_create does.
 */
sg_status sg_image_from_floats(const float *values, size_t height, size_t width, size_t channels,
                               sg_image **image, sg_error *error);

/*
 * Copies the picture with every pixel enlarged to a square of `factor` x `factor`. Fails with
 * SG_ERROR_ARGUMENT for factor 0, otherwise as sg_image_create does.
 */
sg_status sg_image_scale_integer(const sg_image *image, size_t factor, sg_image **scaled,
                                 sg_error *error);

/*
 * Copies the `width` x `height` pixels of `image` from (left, top) on to *cropped, which the caller
 * destroys. Fails with SG_ERROR_ARGUMENT when they are not all within the picture, otherwise as
 * sg_image_create does; *cropped is NULL then.
 */
sg_status sg_image_crop(const sg_image *image, size_t left, size_t top, size_t width, size_t height,
                        sg_image **cropped, sg_error *error);

/* Copies `image` over the pixels of `target` from (left, top) on; it fits, with equal channels. */
void sg_image_paste(const sg_image *image, sg_image *target, size_t left, size_t top);

/* Puts two pictures of equal heights and channels side by side in *both, which the caller destroys.
 * Fails as sg_image_create does. */
sg_status sg_image_beside(const sg_image *left, const sg_image *right, sg_image **both,
                          sg_error *error);

#endif
