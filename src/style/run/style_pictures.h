/* Reads the pictures of a style transfer, and makes them what the network takes. */
#ifndef SG_STYLE_RUN_STYLE_PICTURES_H
#define SG_STYLE_RUN_STYLE_PICTURES_H

#include "image/image.h"

/*
 * Reads a picture with `channels` channels, 1 or 3, in *image, which the caller destroys, resized
 * so that its longer side has `size` pixels. Fails as reading and decoding do.
 */
sg_status sg_style_picture_read(const char *path, size_t size, size_t channels, sg_image **image,
                                sg_error *error);

/* Replaces *image by one resized to this size; leaves one of the size alone. */
sg_status sg_style_picture_resize(sg_image **image, size_t width, size_t height, sg_error *error);

/* Gives the picture the colours of `reference` (style/colours.h); grey pictures stay. */
sg_status sg_style_picture_recolour(sg_image *image, const sg_image *reference, sg_error *error);

#endif
