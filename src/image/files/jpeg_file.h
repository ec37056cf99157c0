/*
 * JPEG files (ITU-T T.81 with JFIF and Adobe markers), read through libjpeg-turbo: baseline and
 * progressive, grey, colour, CMYK and YCCK. Pictures are upright: the orientation of EXIF data is
 * applied.
 */
#ifndef SG_IMAGE_FILES_JPEG_FILE_H
#define SG_IMAGE_FILES_JPEG_FILE_H

#include "image/image.h"

/*
 * Reads the shape of the picture that sg_jpeg_decode would make of a file that starts with these
 * bytes, which must reach to the end of the frame's header. Sentences call the file `name`. Fails
 * with SG_ERROR_FORMAT or SG_ERROR_MEMORY.
 */
sg_status sg_jpeg_measure(const char *name, const unsigned char *bytes, size_t size,
                          sg_image_shape *shape, sg_error *error);

/*
 * Decodes a file in memory into a grey or RGB picture in *image, which the caller destroys. CMYK
 * becomes RGB as (255 - ink) * (255 - black) / 255; Adobe's inverted inks are recognised. Sentences
 * call the file `name`. Fails with SG_ERROR_FORMAT when it is no JPEG, is truncated or damaged, or
 * promises more pixels than a file of its size can hold, and with SG_ERROR_MEMORY; *image is NULL
 * then.
 */
sg_status sg_jpeg_decode(const char *name, const unsigned char *bytes, size_t size,
                         sg_image **image, sg_error *error);

#endif
