/* Writes lossless WebP files, with EXIF data or as an animation. Failures end the test. */
#ifndef SUPPORT_WEBP_FILE_H
#define SUPPORT_WEBP_FILE_H

#include "image/image.h"

/* How the picture is stored; plain data. */
typedef struct webp_file {
    const sg_image *image; /* RGB or RGBA: the whole picture or the first frame */
    int orientation;       /* of EXIF; 0 for no such data */
    size_t canvas;         /* pixels a side of an animation, whose frame is at (2, 4); 0: none */
} webp_file;

/* The file's bytes on the heap. */
unsigned char *webp_bytes(const webp_file *file, size_t *size);

/* "folder/name" with the file in it; folders are made. */
void webp_write(void *const *state, const char *name, const webp_file *file);

#endif
