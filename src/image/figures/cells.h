/* Where the pictures of a page lie, as the page's file says it in a remark. */
#ifndef SG_IMAGE_FIGURES_CELLS_H
#define SG_IMAGE_FIGURES_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "image/image.h"

/* The key of the remark. */
#define SG_CELLS_KEY "cells"

enum { SG_CELLS_BYTES = 160, SG_CELLS_MOST = 1024 /* columns, and rows */ };

/* Pictures of one size in rows and columns at equal distances, in pixels of the page. */
typedef struct sg_cells {
    size_t columns, rows; /* 1 .. SG_CELLS_MOST */
    size_t width, height; /* of a picture, enlarged */
    size_t scale;         /* the side of the square that a pixel became */
    size_t left, top;     /* of the first picture */
    size_t across, down;  /* from a picture to its neighbours */
} sg_cells;

/* Writes the remark: "16x10 pictures of 64x64 at 8,30, each 66,66 on, enlarged 2 times". */
void sg_cells_print(const sg_cells *cells, char text[SG_CELLS_BYTES]);

/* Reads such a remark about a page of this shape; false for another text, and for pictures that are
 * not all within the page. */
bool sg_cells_parse(const char *text, const sg_image_shape *page, sg_cells *cells);

/* Copies a picture of the page to *picture, which the caller destroys, at its size before it was
 * enlarged. Fails as sg_image_crop and sg_image_resize do; *picture is NULL then. */
sg_status sg_cells_cut(const sg_cells *cells, const sg_image *page, size_t column, size_t row,
                       sg_image **picture, sg_error *error);

#endif
