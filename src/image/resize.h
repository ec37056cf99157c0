/* Resizes pictures separably, with 8 bits after each direction, as Pillow does. */
#ifndef SG_IMAGE_RESIZE_H
#define SG_IMAGE_RESIZE_H

#include "base/choices.h"
#include "image/image.h"
#include "image/resize_weights.h"

/* The filters by name: "lanczos", "box", "area", "bilinear", "hamming", "bicubic". */
extern const sg_choices sg_resize_choices;

/*
 * Resizes `image` to `width` x `height` in *resized, which the caller destroys. Filters widen with
 * the scale, against aliasing. Pixels with alpha are weighted by it. Fails as sg_image_create does;
 * *resized is NULL then.
 */
sg_status sg_image_resize(const sg_image *image, size_t width, size_t height,
                          sg_resize_filter filter, sg_image **resized, sg_error *error);

#endif
