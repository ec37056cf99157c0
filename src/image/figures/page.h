/*
 * Pages: pictures in rows and columns, with labels, gaps and enlargement as a figure, or plain, the
 * pixels of the pictures and nothing else, as a grid. In a build without figures every page is
 * plain.
 */
#ifndef SG_IMAGE_FIGURES_PAGE_H
#define SG_IMAGE_FIGURES_PAGE_H

#include "image/figures/figure.h"

/* A page to paste pictures into. */
typedef struct sg_page sg_page;

/*
 * Returns the scale that makes the longer side of a labelled page's pictures at least `side`
 * pixels, or less where the page would become too large to draw; at least 1.
 */
size_t sg_page_scale(const sg_figure_layout *layout, size_t side);

/*
 * Makes a page in *page, which the caller destroys, for pictures of `channels` channels, 1 to 4. A
 * labelled page is RGB and white where it has no picture; a plain one (layout->plain) has the
 * channels of the pictures, is black where it has none, and may be larger. Fails as
 * sg_figure_create and sg_grid_create do; *page is NULL then.
 */
sg_status sg_page_create(const sg_figure_layout *layout, size_t channels, sg_page **page,
                         sg_error *error);

/* Releases the page with its picture; NULL is allowed. */
void sg_page_destroy(sg_page *page);

/* Pastes `image` into the cell at `column`, `row`, as sg_figure_paste and sg_grid_paste do. */
sg_status sg_page_paste(sg_page *page, size_t column, size_t row, const sg_image *image,
                        sg_error *error);

/* Writes where the pictures lie to `cells`; false when their distances differ, between groups. */
bool sg_page_cells(const sg_page *page, sg_cells *cells);

/* Returns the whole picture; owned by the page. */
const sg_image *sg_page_image(const sg_page *page);

#endif
