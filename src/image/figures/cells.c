/* Pictures of pages, by a remark; see cells.h. */
#include "image/figures/cells.h"

#include <stdio.h>

#include "image/resize.h"

#define FORMAT "%zux%zu pictures of %zux%zu at %zu,%zu, each %zu,%zu on, enlarged %zu times"

void sg_cells_print(const sg_cells *cells, char text[SG_CELLS_BYTES])
{
    snprintf(text, SG_CELLS_BYTES, FORMAT, cells->columns, cells->rows, cells->width, cells->height,
             cells->left, cells->top, cells->across, cells->down, cells->scale);
}

/* True if `count` cells along a side of `length` pixels are within it. */
static bool fits(size_t count, size_t first, size_t step, size_t cell, size_t length)
{
    return count >= 1 && count <= SG_CELLS_MOST && cell >= 1 && cell <= length && step >= cell &&
           step <= length && first <= length && first + (count - 1) * step + cell <= length;
}

bool sg_cells_parse(const char *text, const sg_image_shape *page, sg_cells *cells)
{
    sg_cells c = {0};
    if (sscanf(text, FORMAT, &c.columns, &c.rows, &c.width, &c.height, &c.left, &c.top, &c.across,
               &c.down, &c.scale) != 9)
        return false;
    *cells = c;
    return fits(c.columns, c.left, c.across, c.width, page->width) &&
           fits(c.rows, c.top, c.down, c.height, page->height) && c.scale >= 1 &&
           c.width % c.scale == 0 && c.height % c.scale == 0;
}

sg_status sg_cells_cut(const sg_cells *cells, const sg_image *page, size_t column, size_t row,
                       sg_image **picture, sg_error *error)
{
    sg_image *enlarged = NULL;
    *picture = NULL;
    SG_TRY(sg_image_crop(page, cells->left + column * cells->across, cells->top + row * cells->down,
                         cells->width, cells->height, &enlarged, error));
    const sg_status status =
        sg_image_resize(enlarged, cells->width / cells->scale, cells->height / cells->scale,
                        SG_RESIZE_BOX, picture, error);
    sg_image_destroy(enlarged);
    return status;
}
