/*
 * Figures as in a paper: pictures in rows and columns, with labels above the columns and beside the
 * rows, which may be joined to groups that stand apart and carry a label of their own.
 */
#ifndef SG_IMAGE_FIGURES_FIGURE_H
#define SG_IMAGE_FIGURES_FIGURE_H

#include <stdbool.h>

#include "image/image.h"

/* Neighbouring rows or columns that belong together; plain data. */
typedef struct sg_figure_group {
    size_t count;      /* rows or columns; 0: the group is left out */
    const char *label; /* ASCII; NULL: none */
} sg_figure_group;

/* What is written along one side; plain data, everything is borrowed. */
typedef struct sg_figure_side {
    size_t count;                  /* columns or rows, at least 1 */
    const char *const *labels;     /* [count], ASCII, an entry may be NULL; NULL: no labels */
    const sg_figure_group *groups; /* that have `count` columns or rows together; NULL: one group */
    size_t group_count;
} sg_figure_side;

/* The shape of a figure; plain data. */
typedef struct sg_figure_layout {
    sg_figure_side columns, rows;
    size_t cell_width, cell_height; /* pixels of the pictures that will be placed */
    size_t scale;                   /* every pixel of theirs becomes a square of this side */
    bool plain; /* nothing but the pictures, side by side: no labels, gaps or margin */
} sg_figure_layout;

typedef struct sg_figure sg_figure;

/*
 * A figure in *figure, white but for its labels, which the caller destroys. Fails with
 * SG_ERROR_ARGUMENT for a zero size, groups that have not `count` rows together, or a side beyond
 * what can be drawn, with SG_ERROR_MEMORY or SG_ERROR_LIBRARY; *figure is NULL then.
 */
sg_status sg_figure_create(const sg_figure_layout *layout, sg_figure **figure, sg_error *error);

/* Releases the figure with its picture; NULL is allowed. */
void sg_figure_destroy(sg_figure *figure);

/*
 * Pastes `image`, of any number of channels, at `column`, `row` (counted from 0). One that is
 * smaller than the layout's cells is enlarged by the largest whole factor that fits, in the middle
 * of the cell. Fails with SG_ERROR_ARGUMENT for a place outside the figure, SG_ERROR_SHAPE for a
 * picture that is too large, SG_ERROR_MEMORY.
 */
sg_status sg_figure_paste(sg_figure *figure, size_t column, size_t row, const sg_image *image,
                          sg_error *error);

/* The whole picture, RGB; owned by the figure. */
const sg_image *sg_figure_image(const sg_figure *figure);

#endif
