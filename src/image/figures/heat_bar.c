/* The bar of colours below heat maps, with its numbers.
 * Tested by: tests/image/figures/test_heat_map.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/drawing.h"
#include "image/figures/heat_map.h"

/* In pixels. */
enum {
    BAR_HEIGHT = 14,
    BAR_MARGIN = 48,  /* at its left and right */
    SCALE_HEIGHT = 26 /* below the bar */
};

static const double TEXT_SIZE = 14;

/* Draws the gradient from `least` to `most`. */
static sg_status draw_bar(size_t width, double least, double most, sg_image **bar, sg_error *error)
{
    float *values = sg_allocate(width, BAR_HEIGHT * sizeof *values);
    *bar = NULL;
    if (!values)
        return sg_fail_memory(error, "the colours of a heat map");
    for (size_t i = 0; i < width * BAR_HEIGHT; i++) {
        const double share = (double)(i % width) / (double)(width - 1);
        values[i] = (float)(least + (most - least) * share);
    }
    const sg_status status = sg_heat_map_draw(values, BAR_HEIGHT, width, least, most, bar, error);
    free(values);
    return status;
}

/* Draws the numbers below the bar, which is as wide as `width` without the margins. */
static sg_status draw_numbers(size_t width, double least, double most, double step,
                              const char *unit, sg_image **numbers, sg_error *error)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, SCALE_HEIGHT);
    cairo_t *cairo = cairo_create(surface);
    const double length = (double)width - 2 * BAR_MARGIN - 1;
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_set_source_rgb(cairo, 0.15, 0.15, 0.15);
    cairo_set_line_width(cairo, 1);
    sg_drawing_select_font(cairo);
    cairo_set_font_size(cairo, TEXT_SIZE);
    const int first = (int)ceil(least / step);
    const int end = (int)floor(most / step + 0.001);
    for (int i = first; i <= end; i++) {
        char text[64];
        const double value = i * step;
        const bool last = i == end;
        const double x = floor(BAR_MARGIN + length * (value - least) / (most - least)) + 0.5;
        snprintf(text, sizeof text, "%g%s%s", value, last && *unit ? " " : "", last ? unit : "");
        cairo_move_to(cairo, x, 0);
        cairo_line_to(cairo, x, 4);
        cairo_stroke(cairo);
        sg_drawing_write(cairo, text, x, 6 + TEXT_SIZE, 0.5);
    }
    return sg_drawing_finish(cairo, surface, "the colours of a heat map", numbers, error);
}

sg_status sg_heat_map_add_bar(const sg_image *maps, double least, double most, double step,
                              const char *unit, sg_image **image, sg_error *error)
{
    sg_image *bar = NULL;
    sg_image *numbers = NULL;
    *image = NULL;
    if (maps->width < 3 * BAR_MARGIN)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a picture of heat maps is %zu pixels wide, but must be at least %d",
                       maps->width, 3 * BAR_MARGIN);
    sg_status status = draw_bar(maps->width - 2 * BAR_MARGIN, least, most, &bar, error);
    if (!status)
        status = draw_numbers(maps->width, least, most, step, unit, &numbers, error);
    if (!status)
        status =
            sg_image_create(maps->width, maps->height + BAR_HEIGHT + SCALE_HEIGHT, 3, image, error);
    if (!status) {
        memset((*image)->pixels, 255, sg_image_size(*image));
        sg_image_paste(maps, *image, 0, 0);
        sg_image_paste(bar, *image, BAR_MARGIN, maps->height);
        sg_image_paste(numbers, *image, 0, maps->height + BAR_HEIGHT);
    }
    sg_image_destroy(bar);
    sg_image_destroy(numbers);
    return status;
}
