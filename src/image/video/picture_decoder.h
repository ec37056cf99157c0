/* Decodes still pictures by FFmpeg's libraries. */
#ifndef SG_IMAGE_VIDEO_PICTURE_DECODER_H
#define SG_IMAGE_VIDEO_PICTURE_DECODER_H

#include "image/image.h"

/*
 * Decodes a file in memory by the decoder called `codec` into *image, which the caller destroys:
 * grey, grey and alpha, RGB or RGBA, of 8 bits. "avif" names a file whose picture is within boxes;
 * others are handed to the decoder whole. Fails with SG_ERROR_LIBRARY when the libraries lack the
 * decoder, SG_ERROR_FORMAT when the file is damaged, and SG_ERROR_MEMORY; *image is NULL then.
 */
sg_status sg_decode_picture(const char *name, const char *codec, const unsigned char *bytes,
                            size_t size, sg_image **image, sg_error *error);

#endif
