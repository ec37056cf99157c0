/* A part of a picture. */
#ifndef SG_IMAGE_CROP_H
#define SG_IMAGE_CROP_H

#include "image/image.h"

/*
 * A copy, in *cropped, which the caller destroys, of the `width` x `height` pixels of `image` whose
 * top left one is (left, top). Fails with SG_ERROR_ARGUMENT when they do not lie within the
 * picture, else as sg_image_create does; *cropped is NULL then.
 */
sg_status sg_image_crop(const sg_image *image, size_t left, size_t top, size_t width, size_t height,
                        sg_image **cropped, sg_error *error);

#endif
