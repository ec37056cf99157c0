/* Grids: many pictures of one size pasted into a large one, in rows from the top left. */
#ifndef SG_IMAGE_FIGURES_GRID_H
#define SG_IMAGE_FIGURES_GRID_H

#include "image/figures/cells.h"

/* The shape of a grid; plain data. */
typedef struct sg_grid_layout {
    size_t columns;     /* cells side by side, at least 1 */
    size_t rows;        /* cells one above the other, at least 1 */
    size_t cell_width;  /* pixels of every picture */
    size_t cell_height; /* pixels of every picture */
    size_t channels;    /* of every picture, 1 to 4 */
    size_t gap;         /* pixels between neighbouring cells (none around the outside); default 0 */
    size_t scale;       /* every pixel becomes a square of this side, gaps excepted; default 1 */
    uint8_t background; /* level of the colour channels without a picture; default 0 */
} sg_grid_layout;

/* A grid to paste pictures into. */
typedef struct sg_grid sg_grid;

/* Sets the defaults; the caller sets columns, rows, cell_width, cell_height and channels. */
void sg_grid_layout_init(sg_grid_layout *layout);

/*
 * Returns the scale that makes the longer side of a cell at least `side` pixels, 1 for larger
 * cells: for pictures that are too small to see well, such as 32x32 digits.
 */
size_t sg_grid_scale_for(size_t cell_width, size_t cell_height, size_t side);

/*
 * Makes an empty grid in *grid, which the caller destroys, filled with the background (alpha is
 * opaque). Fails with SG_ERROR_ARGUMENT for a zero size or sides over SG_IMAGE_LARGEST_SIDE, and
 * with SG_ERROR_MEMORY; *grid is NULL then.
 */
sg_status sg_grid_create(const sg_grid_layout *layout, sg_grid **grid, sg_error *error);

/* Releases the grid with its picture; NULL is allowed. */
void sg_grid_destroy(sg_grid *grid);

/*
 * Pastes `image` over the cell at `column`, `row` (counted from 0). Fails with SG_ERROR_ARGUMENT
 * for a cell outside the grid and SG_ERROR_SHAPE for a picture of another shape than the cells.
 */
sg_status sg_grid_paste(sg_grid *grid, size_t column, size_t row, const sg_image *image,
                        sg_error *error);

/* Returns where the pictures lie. */
sg_cells sg_grid_cells(const sg_grid *grid);

/* Returns the whole picture; owned by the grid. */
const sg_image *sg_grid_image(const sg_grid *grid);

#endif
