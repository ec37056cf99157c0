/* Reads sheets by the remark that says where their pictures lie; see sheet_block.h. */
#include "runs/sheet_block.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "image/channels.h"
#include "image/figures/cells.h"
#include "image/figures/grid.h"
#include "image/files/png_file.h"

enum { LARGEST_FILE = 1 << 28 };

/* Reads the sheet as RGB, and where its pictures lie; cells->columns is 0 when it does not say. */
static sg_status read_sheet(const char *path, sg_image **sheet, sg_cells *cells, sg_error *error)
{
    char text[SG_CELLS_BYTES];
    unsigned char *bytes = NULL;
    size_t size = 0;
    sg_image *image = NULL;
    *sheet = NULL;
    SG_TRY(sg_read_file(path, LARGEST_FILE, &bytes, &size, error));
    sg_status status = sg_png_decode(path, bytes, size, &image, error);
    if (!status) {
        const sg_image_shape shape = sg_image_shape_of(image);
        if (!sg_png_read_text(bytes, size, SG_CELLS_KEY, text, sizeof text) ||
            !sg_cells_parse(text, &shape, cells))
            *cells = (sg_cells){0};
        status = sg_image_convert_channels(image, 3, sheet, error);
    }
    sg_image_destroy(image);
    free(bytes);
    return status;
}

static size_t least(size_t wanted, size_t there)
{
    return wanted == 0 || wanted > there ? there : wanted;
}

/* Returns which of `there` rows is the one of number `i` among `count` evenly chosen ones. */
static size_t chosen(size_t i, size_t count, size_t there)
{
    return count > 1 ? i * (there - 1) / (count - 1) : 0;
}

/* Pastes the pictures into a grid, and copies that. */
static sg_status take_cells(const sg_image *sheet, const sg_cells *cells, size_t across,
                            size_t down, size_t smallest, sg_image **block, sg_error *error)
{
    sg_grid_layout layout;
    sg_grid *grid = NULL;
    sg_grid_layout_init(&layout);
    layout.columns = least(across, cells->columns);
    layout.rows = least(down, cells->rows);
    layout.cell_width = cells->width / cells->scale;
    layout.cell_height = cells->height / cells->scale;
    layout.channels = 3;
    layout.gap = 1;
    layout.background = 255;
    layout.scale = sg_grid_scale_for(layout.cell_width, layout.cell_height, smallest);
    SG_TRY(sg_grid_create(&layout, &grid, error));
    sg_status status = SG_OK;
    for (size_t i = 0; i < layout.columns * layout.rows && !status; i++) {
        sg_image *picture = NULL;
        const size_t row = i / layout.columns;
        status = sg_cells_cut(cells, sheet, i % layout.columns,
                              chosen(row, layout.rows, cells->rows), &picture, error);
        if (!status)
            status = sg_grid_paste(grid, i % layout.columns, row, picture, error);
        sg_image_destroy(picture);
    }
    const sg_image *whole = sg_grid_image(grid);
    if (!status)
        status = sg_image_crop(whole, 0, 0, whole->width, whole->height, block, error);
    sg_grid_destroy(grid);
    return status;
}

sg_status sg_sheet_block_read(const sg_run_record *run, double kimg, size_t across, size_t down,
                              size_t smallest, sg_image **block, sg_error *error)
{
    char path[SG_RECORD_PATH_BYTES];
    sg_image *sheet = NULL;
    sg_cells cells;
    *block = NULL;
    sg_record_sheet_path(run, kimg, path, sizeof path);
    sg_status status = read_sheet(path, &sheet, &cells, error);
    if (!status && cells.columns == 0) {
        *block = sheet;
        return SG_OK;
    }
    if (!status)
        status = take_cells(sheet, &cells, across, down, smallest, block, error);
    sg_image_destroy(sheet);
    return status;
}
