/* WebP files (RFC 9649), read through libwebp: lossy, lossless, with alpha, animated. */
#ifndef SG_IMAGE_FILES_WEBP_FILE_H
#define SG_IMAGE_FILES_WEBP_FILE_H

#include "image/image.h"

/*
 * Reads the shape of the picture that sg_webp_decode would make of a file that starts with these
 * bytes. A file with EXIF data, which are at its end, must be whole. Sentences call the file
 * `name`. Fails with SG_ERROR_FORMAT or SG_ERROR_MEMORY.
 */
sg_status sg_webp_measure(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_error *error);

/*
 * Decodes a file in memory into an RGB or RGBA picture in *image, which the caller destroys,
 * upright by its EXIF orientation. Of an animation, takes the first frame. Sentences call the file
 * `name`. Fails with SG_ERROR_FORMAT when it is no WebP, is truncated or damaged, or promises more
 * pixels than a picture has, and with SG_ERROR_MEMORY; *image is NULL then.
 */
sg_status sg_webp_decode(const char *name, const unsigned char *bytes, size_t size,
                         sg_image **image, sg_error *error);

#endif
