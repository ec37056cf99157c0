/* Shared by figures and plots: texts in cairo, and pictures of cairo's pixels. */
#ifndef SG_IMAGE_FIGURES_DRAWING_H
#define SG_IMAGE_FIGURES_DRAWING_H

#include <cairo.h>

#include "image/image.h"

/*
 * Selects the font that is built into cairo ("@cairo:", ASCII only), so that no font needs to be
 * installed and drawings are the same everywhere.
 */
void sg_drawing_select_font(cairo_t *cairo);

/* Returns the width of a text in the current font, in pixels. */
double sg_drawing_text_width(cairo_t *cairo, const char *text);

/* Writes a text with its baseline at y; x is at `anchor` of its width: 0 left, 1 right. */
void sg_drawing_write(cairo_t *cairo, const char *text, double x, double y, double anchor);

/*
 * Ends a drawing: releases `cairo` and its `surface` (CAIRO_FORMAT_RGB24), and copies the pixels to
 * an RGB picture in *image, which the caller destroys. `what` names the drawing in a sentence, such
 * as "a plot". Fails with SG_ERROR_MEMORY, or SG_ERROR_LIBRARY when cairo has failed; *image is
 * NULL then.
 */
sg_status sg_drawing_finish(cairo_t *cairo, cairo_surface_t *surface, const char *what,
                            sg_image **image, sg_error *error);

#endif
