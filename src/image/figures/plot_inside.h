/* What the files that draw charts share. */
#ifndef SG_IMAGE_FIGURES_PLOT_INSIDE_H
#define SG_IMAGE_FIGURES_PLOT_INSIDE_H

#include "image/figures/drawing.h"
#include "image/figures/plot_axis.h"
#include "image/figures/plot_request.h"

/* Margins and lines, in pixels. */
enum {
    SG_PLOT_LEFT = 68, /* margins of a panel */
    SG_PLOT_RIGHT = 18,
    SG_PLOT_TOP = 36,
    SG_PLOT_BOTTOM = 26,
    SG_PLOT_LINE = 18 /* of the texts above and below the panels */
};

/* A panel with its axes and its position in the picture. */
typedef struct sg_plot_area {
    const sg_plot_panel *panel;
    const sg_plot_style *styles; /* of its lines; NULL: usual ones */
    sg_plot_axis x, y;
    double left, top, width, height; /* of the area within the frame, pixels */
} sg_plot_area;

/* Moves a line of one pixel to the middle of pixels; elsewhere it would blur over two. */
double sg_plot_sharp(double position);

/* Strokes a line from (x0, y0) to (x1, y1), in pixels. */
void sg_plot_segment(cairo_t *cairo, double x0, double y0, double x1, double y1);

/* Chooses the colour and the dashes of a line, counted from 0. */
void sg_plot_choose_line(cairo_t *cairo, size_t color, double opacity);

/* Chooses the colour of texts. */
void sg_plot_choose_ink(cairo_t *cairo);

/* Draws the marks into a panel, with their texts if it is the first one. */
void sg_plot_draw_marks(cairo_t *cairo, const sg_plot *plot, const sg_plot_area *area, bool first);

/* Returns the height of the title, the subtitle and the common legend; and draws them. */
size_t sg_plot_heading_height(const sg_plot *plot);
void sg_plot_draw_heading(cairo_t *cairo, const sg_plot *plot);

/* Returns the height of what is below the panels: the x axis' name, the meaning of marks, the
 * footnotes; and draws them from `top` on. */
size_t sg_plot_footing_height(const sg_plot *plot);
void sg_plot_draw_footing(cairo_t *cairo, const sg_plot *plot, double top);

#endif
