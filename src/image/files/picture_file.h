/* Pictures in PNG and JPEG files, which are recognised by their first bytes. */
#ifndef SG_IMAGE_FILES_PICTURE_FILE_H
#define SG_IMAGE_FILES_PICTURE_FILE_H

#include "image/image.h"

/* The meaning of the ending of a file's name. */
typedef enum sg_picture_ending {
    SG_ENDING_OTHER,   /* no picture */
    SG_ENDING_PICTURE, /* .png, .jpg, .jpeg and the like */
    SG_ENDING_FOREIGN  /* a picture of a format that is not read, such as .webp */
} sg_picture_ending;

/* Returns the meaning of a name's ending, in either case. */
sg_picture_ending sg_picture_ending_of(const char *name);

/*
 * Reads the shape of the picture in a file that starts with these bytes, as sg_png_measure and
 * sg_jpeg_measure do. Fails with SG_ERROR_FORMAT for another file, with a guess of what it is.
 */
sg_status sg_picture_measure(const char *name, const unsigned char *bytes, size_t size,
                             sg_image_shape *shape, sg_error *error);

/* Decodes a whole file, as sg_png_decode and sg_jpeg_decode do. Fails in the same way. */
sg_status sg_picture_decode(const char *name, const unsigned char *bytes, size_t size,
                            sg_image **image, sg_error *error);

#endif
