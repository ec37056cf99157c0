/*
 * Pictures in files, which are recognised by their first bytes: PNG, JPEG and WebP, and the kinds
 * of rare_picture.h where a module reads them. Pictures are upright: orientations are applied.
 */
#ifndef SG_IMAGE_FILES_PICTURE_FILE_H
#define SG_IMAGE_FILES_PICTURE_FILE_H

#include "image/files/rare_picture.h"

/* The meaning of the ending of a file's name. */
typedef enum sg_picture_ending {
    SG_ENDING_OTHER,   /* no picture */
    SG_ENDING_PICTURE, /* .png, .jpg, .webp and the like */
    SG_ENDING_RARE     /* a picture of a kind that may need a module, such as .tif */
} sg_picture_ending;

/*
 * Returns the meaning of a name's ending, in either case; *kind is the kind of SG_ENDING_RARE,
 * otherwise NULL. `kind` may be NULL.
 */
sg_picture_ending sg_picture_ending_of(const char *name, const sg_rare_kind **kind);

/* Sets `ending` to the usual ending for a file that starts with these bytes, "" if it is no
 * picture.
 */
enum { SG_PICTURE_ENDING_BYTES = 8 };
void sg_picture_ending_for(const unsigned char *bytes, size_t size,
                           char ending[SG_PICTURE_ENDING_BYTES]);

/*
 * Reads the shape of the picture in a file that starts with these bytes, as sg_png_measure,
 * sg_jpeg_measure and sg_webp_measure do; rare kinds are decoded, which takes the whole file. Fails
 * with SG_ERROR_FORMAT for another file, with a guess of what it is.
 */
sg_status sg_picture_measure(const char *name, const unsigned char *bytes, size_t size,
                             sg_image_shape *shape, sg_error *error);

/* Decodes a whole file, as the readers of its kind do. Fails in the same way. */
sg_status sg_picture_decode(const char *name, const unsigned char *bytes, size_t size,
                            sg_image **image, sg_error *error);

#endif
