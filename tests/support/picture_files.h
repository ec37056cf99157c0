/* Writes picture files of many kinds, for tests that read them. Failures end the test. */
#ifndef SUPPORT_PICTURE_FILES_H
#define SUPPORT_PICTURE_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "image/image.h"

/* What a JPEG file is made of; plain data. */
typedef struct jpeg_file {
    size_t side;       /* pixels of the square picture */
    int components;    /* 1 grey, 3 RGB, 4 CMYK as stored (Adobe's are inverted) */
    int ycck;          /* CMYK only: store it as YCCK */
    int without_adobe; /* leave the Adobe marker out */
    int progressive;
    int orientation;  /* of EXIF; 0 for no such marker */
    uint8_t left[4];  /* the colour of the left half */
    uint8_t right[4]; /* and of the right one */
} jpeg_file;

/* The file's bytes on the heap, at the best quality, without subsampling. */
unsigned char *jpeg_bytes(const jpeg_file *file, size_t *size);

/* "folder/name" with the file in it; folders are made. */
void jpeg_write(void *const *state, const char *name, const jpeg_file *file);

/*
 * A square PNG file whose pixels are those of `pixels` in the given libspng colour type and bit
 * depth (rows of whole bytes, 16 bits in the machine's order). `palette`: four colours of three
 * bytes each, or NULL.
 */
void png_write(void *const *state, const char *name, size_t side, int color_type, int bit_depth,
               const void *pixels, size_t size, const uint8_t *palette);

/* A square 8-bit PNG of one colour. */
void flat_png_write(void *const *state, const char *name, size_t side, size_t channels,
                    const uint8_t *color);

/* Reads the PNG file at `path` into *image, which the caller destroys, as sg_png_decode does. */
sg_status png_read(const char *path, sg_image **image, sg_error *error);

/* "folder/name" with these bytes in it; folders are made. */
void bytes_write(void *const *state, const char *name, const void *bytes, size_t size);

/* A text file in the test's folder. */
void text_write(void *const *state, const char *name, const char *text);

/* Cuts the file to its first `size` bytes. */
void cut_file(void *const *state, const char *name, size_t size);

#endif
