/* Pages of pictures: a figure or a grid. */
#include "image/figures/page.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "image/figures/grid.h"

struct sg_page {
    sg_figure *figure; /* of a labelled page */
    sg_grid *grid;     /* of a plain one */
};

/* Returns the largest scale at which `count` cells of `cell` pixels leave half of the longest side
 * that can be drawn to labels and gaps. */
static size_t most(size_t count, size_t cell)
{
    const size_t side = SG_DRAWING_LARGEST_SIDE / 2;
    const size_t scale = count > 0 && cell > 0 && cell < side / count ? side / count / cell : 1;
    return scale > 0 ? scale : 1;
}

size_t sg_page_scale(const sg_figure_layout *layout, size_t side)
{
    const size_t wanted = sg_grid_scale_for(layout->cell_width, layout->cell_height, side);
    const size_t across = most(layout->columns.count, layout->cell_width);
    const size_t down = most(layout->rows.count, layout->cell_height);
    const size_t fitting = across < down ? across : down;
    return wanted < fitting ? wanted : fitting;
}

static sg_status create_grid(const sg_figure_layout *layout, size_t channels, sg_grid **grid,
                             sg_error *error)
{
    sg_grid_layout plain;
    sg_grid_layout_init(&plain);
    plain.columns = layout->columns.count;
    plain.rows = layout->rows.count;
    plain.cell_width = layout->cell_width;
    plain.cell_height = layout->cell_height;
    plain.channels = channels;
    plain.scale = layout->scale;
    return sg_grid_create(&plain, grid, error);
}

sg_status sg_page_create(const sg_figure_layout *layout, size_t channels, sg_page **page,
                         sg_error *error)
{
    *page = NULL;
    sg_page *created = sg_allocate(1, sizeof *created);
    if (!created)
        return sg_fail_memory(error, "a page of pictures");
    const sg_status status = layout->plain || !sg_figures_are_built()
                                 ? create_grid(layout, channels, &created->grid, error)
                                 : sg_figure_create(layout, &created->figure, error);
    if (status)
        sg_page_destroy(created);
    else
        *page = created;
    return status;
}

void sg_page_destroy(sg_page *page)
{
    if (!page)
        return;
    sg_figure_destroy(page->figure);
    sg_grid_destroy(page->grid);
    free(page);
}

sg_status sg_page_paste(sg_page *page, size_t column, size_t row, const sg_image *image,
                        sg_error *error)
{
    return page->figure ? sg_figure_paste(page->figure, column, row, image, error)
                        : sg_grid_paste(page->grid, column, row, image, error);
}

bool sg_page_cells(const sg_page *page, sg_cells *cells)
{
    if (page->figure)
        return sg_figure_cells(page->figure, cells);
    *cells = sg_grid_cells(page->grid);
    return true;
}

const sg_image *sg_page_image(const sg_page *page)
{
    return page->figure ? sg_figure_image(page->figure) : sg_grid_image(page->grid);
}
