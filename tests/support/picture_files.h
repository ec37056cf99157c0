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

/* A PNG file of a kind that sg_png_write does not make; plain data. */
typedef struct foreign_png {
    size_t width, height;
    int color_type; /* libpng's */
    int bit_depth;
    int interlaced;
    const void *pixels;     /* rows of whole bytes, 16 bits in the machine's order */
    const uint8_t *palette; /* `palette_size` colours of three bytes each, or NULL */
    size_t palette_size;
    const uint8_t *palette_alpha; /* of the first colour alone, or NULL */
    int has_transparent_grey;
    uint16_t transparent_grey;
    const uint8_t *exif; /* or NULL */
    size_t exif_size;
    const char *text; /* of compressed comments, or NULL */
    size_t text_repeats;
} foreign_png;

/* The file's bytes on the heap. */
unsigned char *foreign_png_bytes(const foreign_png *file, size_t *size);

/*
 * A square PNG file of these pixels in the given libpng colour type and bit depth. `palette`: four
 * colours, or NULL.
 */
void png_write(void *const *state, const char *name, size_t side, int color_type, int bit_depth,
               const void *pixels, const uint8_t *palette);

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
