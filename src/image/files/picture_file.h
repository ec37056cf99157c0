/* Pictures in files of any kind that is read (PNG and JPEG), told apart by their first bytes. */
#ifndef SG_IMAGE_FILES_PICTURE_FILE_H
#define SG_IMAGE_FILES_PICTURE_FILE_H

#include "image/image.h"

/* What the ending of a file's name, in either case, says. */
typedef enum sg_picture_ending {
    SG_ENDING_OTHER,   /* no picture */
    SG_ENDING_PICTURE, /* .png, .jpg, .jpeg and the like */
    SG_ENDING_FOREIGN  /* a picture of a kind that is not read, such as .webp */
} sg_picture_ending;

sg_picture_ending sg_picture_ending_of(const char *name);

/*
 * The shape of the picture in a file that starts with these bytes, and decoding of a whole file:
 * see sg_png_measure, sg_jpeg_measure, sg_png_decode and sg_jpeg_decode. Anything else fails with
 * SG_ERROR_FORMAT and a sentence that says what it seems to be.
 */
sg_status sg_picture_measure(const char *name, const unsigned char *bytes, size_t size,
                             sg_image_shape *shape, sg_error *error);
sg_status sg_picture_decode(const char *name, const unsigned char *bytes, size_t size,
                            sg_image **image, sg_error *error);

#endif
