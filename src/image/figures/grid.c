/*
 * Grids of pictures. A cell's top left corner is at a whole multiple of the scaled cell size plus
 * the gap; pictures are enlarged by repeating their pixels.
 */
#include "image/figures/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

struct sg_grid {
    sg_grid_layout layout;
    sg_image *image;
};

void sg_grid_layout_init(sg_grid_layout *layout)
{
    *layout = (sg_grid_layout){.columns = 1, .rows = 1, .scale = 1};
}

size_t sg_grid_scale_for(size_t cell_width, size_t cell_height, size_t side)
{
    const size_t longer = cell_width > cell_height ? cell_width : cell_height;
    if (longer == 0 || longer >= side)
        return 1;
    return (side - 1) / longer + 1;
}

/* Sets *total to the pixels along one side of the grid; false on overflow. */
static bool side_length(size_t cells, size_t cell, size_t scale, size_t gap, size_t *total)
{
    size_t scaled_cell = 0;
    size_t cell_total = 0;
    size_t gap_total = 0;
    return cells > 0 && sg_size_multiply(cell, scale, &scaled_cell) &&
           sg_size_multiply(scaled_cell, cells, &cell_total) &&
           sg_size_multiply(gap, cells - 1, &gap_total) &&
           sg_size_add(cell_total, gap_total, total);
}

static void fill_background(sg_image *image, uint8_t background)
{
    memset(image->pixels, background, sg_image_size(image));
    if (image->channels % 2 == 0)
        for (size_t i = image->channels - 1; i < sg_image_size(image); i += image->channels)
            image->pixels[i] = 255;
}

sg_status sg_grid_create(const sg_grid_layout *layout, sg_grid **grid, sg_error *error)
{
    *grid = NULL;
    size_t width = 0;
    size_t height = 0;
    if (!side_length(layout->columns, layout->cell_width, layout->scale, layout->gap, &width) ||
        !side_length(layout->rows, layout->cell_height, layout->scale, layout->gap, &height))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the grid is %zux%zu cells of %zux%zu pixels, but must have at least one "
                       "cell and sides of at most %zu pixels",
                       layout->columns, layout->rows, layout->cell_width, layout->cell_height,
                       SG_IMAGE_LARGEST_SIDE);
    sg_grid *created = sg_allocate(1, sizeof *created);
    if (!created)
        return sg_fail_memory(error, "a grid of images");
    created->layout = *layout;
    const sg_status status =
        sg_image_create(width, height, layout->channels, &created->image, error);
    if (status) {
        sg_grid_destroy(created);
        return status;
    }
    fill_background(created->image, layout->background);
    *grid = created;
    return SG_OK;
}

void sg_grid_destroy(sg_grid *grid)
{
    if (!grid)
        return;
    sg_image_destroy(grid->image);
    free(grid);
}

static sg_status check_cell(const sg_grid_layout *layout, size_t column, size_t row,
                            const sg_image *image, sg_error *error)
{
    if (column >= layout->columns || row >= layout->rows)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "column %zu, row %zu is outside a grid of %zux%zu cells", column, row,
                       layout->columns, layout->rows);
    if (image->width != layout->cell_width || image->height != layout->cell_height ||
        image->channels != layout->channels)
        return sg_fail(error, SG_ERROR_SHAPE,
                       "an image of %zux%zu pixels with %zu channels does not fit a grid whose "
                       "cells are %zux%zu with %zu",
                       image->width, image->height, image->channels, layout->cell_width,
                       layout->cell_height, layout->channels);
    return SG_OK;
}

sg_status sg_grid_paste(sg_grid *grid, size_t column, size_t row, const sg_image *image,
                        sg_error *error)
{
    const sg_grid_layout *layout = &grid->layout;
    sg_image *scaled = NULL;
    SG_TRY(check_cell(layout, column, row, image, error));
    SG_TRY(sg_image_scale_integer(image, layout->scale, &scaled, error));
    sg_image_paste(scaled, grid->image, column * (scaled->width + layout->gap),
                   row * (scaled->height + layout->gap));
    sg_image_destroy(scaled);
    return SG_OK;
}

sg_cells sg_grid_cells(const sg_grid *grid)
{
    const sg_grid_layout *layout = &grid->layout;
    const size_t width = layout->cell_width * layout->scale;
    const size_t height = layout->cell_height * layout->scale;
    return (sg_cells){.columns = layout->columns,
                      .rows = layout->rows,
                      .width = width,
                      .height = height,
                      .scale = layout->scale,
                      .across = width + layout->gap,
                      .down = height + layout->gap};
}

const sg_image *sg_grid_image(const sg_grid *grid)
{
    return grid->image;
}
