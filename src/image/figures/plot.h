/* Line charts: panels one above the other that share their x axis, drawn into a picture. */
#ifndef SG_IMAGE_FIGURES_PLOT_H
#define SG_IMAGE_FIGURES_PLOT_H

#include "image/image.h"

/* One curve; plain data, everything is borrowed. */
typedef struct sg_plot_line {
    const char *name; /* in the legend, ASCII */
    const double *x;  /* ascending */
    const double *y;  /* a value that cannot be shown leaves a gap: NaN, beyond 1e100, or not above
                         0 on a logarithmic axis */
    size_t count;     /* of points; may be 0 */
} sg_plot_line;

/* One chart with its own y axis, whose range is that of its lines. */
typedef struct sg_plot_panel {
    const char *title;
    const sg_plot_line *lines; /* in eight colours of a fixed order */
    size_t line_count;
    bool logarithmic; /* the y axis */
} sg_plot_panel;

/* The whole picture; plain data. */
typedef struct sg_plot {
    const char *x_name; /* below the last panel */
    const sg_plot_panel *panels;
    size_t panel_count;
    size_t width;        /* pixels, 200 to 10000 */
    size_t panel_height; /* pixels, 100 to 10000; all panels together at most 30000 */
    const char *title;   /* a line above everything, ASCII; NULL: none */
} sg_plot;

/* Sets the defaults: no panels, 900 pixels wide, 260 for each panel. */
void sg_plot_init(sg_plot *plot);

/*
 * Draws into an RGB picture in *image, which the caller destroys. Equal plots give equal pixels,
 * whatever fonts are installed. Fails with SG_ERROR_ARGUMENT for sizes out of range or no panels,
 * SG_ERROR_MEMORY, or SG_ERROR_LIBRARY; *image is NULL then.
 */
sg_status sg_plot_draw(const sg_plot *plot, sg_image **image, sg_error *error);

#endif
