/* Crops, resizes and pads pictures. */
#include "data/sources/picture_transform.h"

#include <math.h>

static const char *const kind_names[] = {"stretch", "center-crop", "center-crop-wide",
                                         "center-crop-tall", "pad"};
const sg_choices sg_transform_choices = SG_CHOICES(kind_names);

const char *sg_transform_name(sg_transform_kind kind)
{
    return kind == SG_TRANSFORM_NONE ? NULL : kind_names[kind];
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

bool sg_transform_is_band(sg_transform_kind kind)
{
    return kind == SG_TRANSFORM_CENTER_CROP_WIDE || kind == SG_TRANSFORM_CENTER_CROP_TALL;
}

sg_image_shape sg_transform_shape(const sg_picture_transform *transform)
{
    const size_t side = transform->width > transform->height ? transform->width : transform->height;
    if (sg_transform_is_band(transform->kind))
        return (sg_image_shape){.width = side, .height = side};
    return (sg_image_shape){.width = transform->width, .height = transform->height};
}

/*
 * Finds the part of a picture that becomes the band: all of its longer direction, and in the other
 * as many pixels as the official program takes.
 */
static sg_image_shape band_part(const sg_picture_transform *transform, size_t width, size_t height)
{
    sg_image_shape part = {.width = width, .height = height};
    if (transform->kind == SG_TRANSFORM_CENTER_CROP_WIDE)
        part.height = (size_t)rint((double)transform->width * (double)height / (double)width);
    else
        part.width = (size_t)rint((double)transform->height * (double)width / (double)height);
    return part;
}

bool sg_transform_enlarges(const sg_picture_transform *transform, size_t width, size_t height)
{
    switch (transform->kind) {
    case SG_TRANSFORM_CENTER_CROP_WIDE:
    case SG_TRANSFORM_CENTER_CROP_TALL: {
        const sg_image_shape part = band_part(transform, width, height);
        return part.width < transform->width || part.height < transform->height;
    }
    case SG_TRANSFORM_PAD:
        return width < transform->width && height < transform->height;
    case SG_TRANSFORM_CENTER_CROP:
    case SG_TRANSFORM_NONE:
        break;
    }
    return width < transform->width || height < transform->height;
}

/* Puts `image` in the middle of a black (and transparent) picture of this size. */
static sg_status lay_on_black(const sg_image *image, size_t width, size_t height, sg_image **canvas,
                              sg_error *error)
{
    SG_TRY(sg_image_create(width, height, image->channels, canvas, error));
    sg_image_paste(image, *canvas, (width - image->width) / 2, (height - image->height) / 2);
    return SG_OK;
}

/* Resizes the `width` x `height` pixels in the middle of `image`. */
static sg_status crop_and_resize(const sg_picture_transform *transform, const sg_image *image,
                                 size_t width, size_t height, sg_image **result, sg_error *error)
{
    sg_image *part = NULL;
    SG_TRY(sg_image_crop(image, (image->width - width) / 2, (image->height - height) / 2, width,
                         height, &part, error));
    const sg_status status = sg_image_resize(part, transform->width, transform->height,
                                             transform->filter, result, error);
    sg_image_destroy(part);
    return status;
}

/* Crops to the target's proportions; of a square's, exactly. */
static sg_status crop(const sg_picture_transform *transform, const sg_image *image,
                      sg_image **result, sg_error *error)
{
    const double scale = fmin((double)image->width / (double)transform->width,
                              (double)image->height / (double)transform->height);
    const size_t width =
        smaller((size_t)fmax(1, rint((double)transform->width * scale)), image->width);
    const size_t height =
        smaller((size_t)fmax(1, rint((double)transform->height * scale)), image->height);
    return crop_and_resize(transform, image, width, height, result, error);
}

static sg_status crop_band(const sg_picture_transform *transform, const sg_image *image,
                           sg_image **result, sg_error *error)
{
    if (sg_transform_enlarges(transform, image->width, image->height))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "a picture of %zux%zu pixels is too small for a band of %zux%zu",
                       image->width, image->height, transform->width, transform->height);
    sg_image *band = NULL;
    const sg_image_shape whole = sg_transform_shape(transform);
    const sg_image_shape part = band_part(transform, image->width, image->height);
    sg_status status = crop_and_resize(transform, image, smaller(part.width, image->width),
                                       smaller(part.height, image->height), &band, error);
    if (!status)
        status = lay_on_black(band, whole.width, whole.height, result, error);
    sg_image_destroy(band);
    return status;
}

static sg_status pad(const sg_picture_transform *transform, const sg_image *image,
                     sg_image **result, sg_error *error)
{
    const double scale = fmin((double)transform->width / (double)image->width,
                              (double)transform->height / (double)image->height);
    const size_t width = (size_t)fmax(1, rint((double)image->width * scale));
    const size_t height = (size_t)fmax(1, rint((double)image->height * scale));
    sg_image *inner = NULL;
    sg_status status = sg_image_resize(image, width, height, transform->filter, &inner, error);
    if (!status)
        status = lay_on_black(inner, transform->width, transform->height, result, error);
    sg_image_destroy(inner);
    return status;
}

sg_status sg_transform_apply(const sg_picture_transform *transform, const sg_image *image,
                             sg_image **result, sg_error *error)
{
    *result = NULL;
    if (transform->width == 0)
        return sg_image_resize(image, image->width, image->height, transform->filter, result,
                               error);
    switch (transform->kind) {
    case SG_TRANSFORM_CENTER_CROP:
        return crop(transform, image, result, error);
    case SG_TRANSFORM_CENTER_CROP_WIDE:
    case SG_TRANSFORM_CENTER_CROP_TALL:
        return crop_band(transform, image, result, error);
    case SG_TRANSFORM_PAD:
        return pad(transform, image, result, error);
    case SG_TRANSFORM_NONE:
        break;
    }
    return sg_image_resize(image, transform->width, transform->height, transform->filter, result,
                           error);
}
