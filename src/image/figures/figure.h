/*
 * Figures as in a paper: pictures in rows and columns, with a title above, labels above the columns
 * and beside the rows, and captions below the pictures. Groups of rows or columns have wider gaps
 * between them, and may have labels. Columns are as wide as their labels and captions need.
 */
#ifndef SG_IMAGE_FIGURES_FIGURE_H
#define SG_IMAGE_FIGURES_FIGURE_H

#include <stdbool.h>

#include "image/figures/cells.h"

/* The longest side, in pixels, that cairo can draw on. */
enum { SG_DRAWING_LARGEST_SIDE = 32767 };

/* False in a build without figures (SG_FIGURES=OFF), in which figures, charts and bars of colours
 * fail with SG_ERROR_LIBRARY and a sentence that says so. */
bool sg_figures_are_built(void);

/* A group of neighbouring rows or columns; plain data. */
typedef struct sg_figure_group {
    size_t count;      /* rows or columns; 0: the group is skipped */
    const char *label; /* ASCII; NULL: none */
} sg_figure_group;

/* The rows or the columns of a figure; plain data, everything is borrowed. */
typedef struct sg_figure_side {
    size_t count;                  /* columns or rows, at least 1 */
    const char *const *labels;     /* [count], ASCII, an entry may be NULL; NULL: no labels */
    const sg_figure_group *groups; /* their counts add up to `count`; NULL: one group */
    size_t group_count;
} sg_figure_side;

/* The shape of a figure; plain data, texts are borrowed until it is made. */
typedef struct sg_figure_layout {
    sg_figure_side columns, rows;
    size_t cell_width, cell_height; /* pixels of the largest picture */
    size_t scale;                   /* every pixel becomes a square of this side */
    double text_size;               /* pixels; 0: by the size of the pictures */
    size_t gap;                     /* pixels between neighbours of a group; 0: 2 */
    const char *title;              /* a line above everything, ASCII; NULL: none */
    const char *const *captions;    /* below each picture, row by row: [rows * columns], ASCII, an
                                       entry may be NULL; NULL: none */
    bool plain;                     /* only the pictures, side by side: no labels, gaps or margin */
} sg_figure_layout;

/* A figure to paste pictures into. */
typedef struct sg_figure sg_figure;

/*
 * Makes a figure in *figure, which the caller destroys, white except for its labels. Fails with
 * SG_ERROR_ARGUMENT for a zero size, groups whose counts do not add up, or a side that is too long
 * to draw, with SG_ERROR_MEMORY or SG_ERROR_LIBRARY; *figure is NULL then.
 */
sg_status sg_figure_create(const sg_figure_layout *layout, sg_figure **figure, sg_error *error);

/* Releases the figure with its picture; NULL is allowed. */
void sg_figure_destroy(sg_figure *figure);

/*
 * Pastes `image`, of any number of channels, into the cell at `column`, `row` (counted from 0); its
 * alpha lets the white of the figure through, and is laid over black in a plain one. A
 * picture smaller than the layout's cells is enlarged by the largest whole factor that fits, and
 * centred. Fails with SG_ERROR_ARGUMENT for a cell outside the figure, SG_ERROR_SHAPE for a picture
 * that is too large, or SG_ERROR_MEMORY.
 */
sg_status sg_figure_paste(sg_figure *figure, size_t column, size_t row, const sg_image *image,
                          sg_error *error);

/* Writes where the pictures lie to `cells`; false when their distances differ, between groups. */
bool sg_figure_cells(const sg_figure *figure, sg_cells *cells);

/* Returns the whole picture, RGB; owned by the figure. */
const sg_image *sg_figure_image(const sg_figure *figure);

#endif
