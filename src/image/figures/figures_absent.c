/*
 * Stands in for what draws through cairo in a build without figures (SG_FIGURES=OFF).
 * Tested by: tests/platforms/minimal.sh
 */
#include "image/figures/figure.h"
#include "image/figures/heat_chart.h"
#include "image/figures/heat_map.h"
#include "image/figures/plot.h"

static sg_status refuse(sg_error *error)
{
    return sg_fail(error, SG_ERROR_LIBRARY,
                   "this build has no figures (cairo was left out by SG_FIGURES=OFF)");
}

bool sg_figures_are_built(void)
{
    return false;
}

sg_status sg_figure_create(const sg_figure_layout *layout, sg_figure **figure, sg_error *error)
{
    (void)layout;
    *figure = NULL;
    return refuse(error);
}

void sg_figure_destroy(sg_figure *figure)
{
    (void)figure;
}

sg_status sg_figure_paste(sg_figure *figure, size_t column, size_t row, const sg_image *image,
                          sg_error *error)
{
    (void)figure;
    (void)column;
    (void)row;
    (void)image;
    return refuse(error);
}

bool sg_figure_cells(const sg_figure *figure, sg_cells *cells)
{
    (void)figure;
    (void)cells;
    return false;
}

const sg_image *sg_figure_image(const sg_figure *figure)
{
    (void)figure;
    return NULL;
}

sg_status sg_heat_chart_draw(const sg_heat_chart *chart, sg_image **image, sg_error *error)
{
    (void)chart;
    *image = NULL;
    return refuse(error);
}

sg_status sg_heat_map_add_bar(const sg_image *maps, double least, double most, double step,
                              const char *unit, sg_image **image, sg_error *error)
{
    (void)maps;
    (void)least;
    (void)most;
    (void)step;
    (void)unit;
    *image = NULL;
    return refuse(error);
}

void sg_plot_init(sg_plot *plot)
{
    *plot = (sg_plot){0};
}

sg_status sg_plot_draw(const sg_plot *plot, sg_image **image, sg_error *error)
{
    (void)plot;
    *image = NULL;
    return refuse(error);
}
