/* Heat maps as charts: with axes, contour lines and a bar of their colours. */
#ifndef SG_IMAGE_FIGURES_HEAT_CHART_H
#define SG_IMAGE_FIGURES_HEAT_CHART_H

#include "image/image.h"

/* A square map; everything is borrowed. */
typedef struct sg_heat_chart_map {
    const char *name;    /* above it, ASCII */
    const float *values; /* [rows, rows], the first and the last at the ends of the axes */
    size_t rows;         /* 1 or more */
} sg_heat_chart_map;

/* A whole chart; plain data. */
typedef struct sg_heat_chart {
    const char *title; /* ASCII; NULL: none */
    const sg_heat_chart_map *maps;
    size_t count;          /* of maps, 1 or more */
    size_t columns;        /* maps side by side, at most */
    size_t side;           /* pixels of a map, 100 or more */
    double low, high;      /* of both axes, which every map has */
    const char *axis_name; /* below the maps */
    double least, most;    /* values of the first and the last colour */
    double contour;        /* lines where values cross its multiples, which the bar numbers */
    const char *unit;      /* of the values */
} sg_heat_chart;

/*
 * Draws the chart in *image, RGB, which the caller destroys. Values between the given ones follow
 * from them by straight lines, contours as well. Equal charts give equal pixels, whatever fonts are
 * installed. Fails with SG_ERROR_ARGUMENT for a range that does not ascend or a chart that is too
 * large to draw, SG_ERROR_MEMORY, or SG_ERROR_LIBRARY; *image is NULL then.
 */
sg_status sg_heat_chart_draw(const sg_heat_chart *chart, sg_image **image, sg_error *error);

#endif
