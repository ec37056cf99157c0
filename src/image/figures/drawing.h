/* What the drawings of this layer share: texts in cairo, and cairo's pixels as a picture. */
#ifndef SG_IMAGE_FIGURES_DRAWING_H
#define SG_IMAGE_FIGURES_DRAWING_H

#include <cairo.h>

#include "image/image.h"

/* The longest side, in pixels, that cairo can draw on. */
enum { SG_DRAWING_LARGEST_SIDE = 32767 };

/*
 * Chooses the font that is built into cairo ("@cairo:", ASCII alone), so that no font needs to be
 * installed and drawings look the same everywhere.
 */
void sg_drawing_select_font(cairo_t *cairo);

/* The width of a text in the present font, in pixels. */
double sg_drawing_text_width(cairo_t *cairo, const char *text);

/* Writes with the baseline at y and x at `anchor` of the text's width: 0 left, 1 right. */
void sg_drawing_write(cairo_t *cairo, const char *text, double x, double y, double anchor);

/*
 * Ends a drawing: releases `cairo` and `surface` (CAIRO_FORMAT_RGB24, that it drew on) and gives an
 * RGB picture in *image, which the caller destroys. `what` says in a sentence what was drawn, such
 * as "a plot". Fails with SG_ERROR_MEMORY, or SG_ERROR_LIBRARY when the drawing had gone wrong;
 * *image is NULL then.
 */
sg_status sg_drawing_finish(cairo_t *cairo, cairo_surface_t *surface, const char *what,
                            sg_image **image, sg_error *error);

#endif
