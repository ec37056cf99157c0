/*
 * Texts and pixels of cairo.
 * Tested by: tests/image/figures/test_figure.c
 */
#include "image/figures/drawing.h"

#include <math.h>

void sg_drawing_select_font(cairo_t *cairo)
{
    cairo_select_font_face(cairo, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
}

double sg_drawing_text_width(cairo_t *cairo, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(cairo, text, &extents);
    return extents.x_advance;
}

void sg_drawing_write(cairo_t *cairo, const char *text, double x, double y, double anchor)
{
    cairo_move_to(cairo, round(x - anchor * sg_drawing_text_width(cairo, text)), round(y));
    cairo_show_text(cairo, text);
}

/* Cairo's pixels are 32-bit numbers, red in bits 16 to 23. */
static sg_status copy_pixels(cairo_surface_t *surface, sg_image **image, sg_error *error)
{
    const int width = cairo_image_surface_get_width(surface);
    const int height = cairo_image_surface_get_height(surface);
    const unsigned char *row = cairo_image_surface_get_data(surface);
    SG_TRY(sg_image_create((size_t)width, (size_t)height, 3, image, error));
    uint8_t *pixel = (*image)->pixels;
    for (int y = 0; y < height; y++, row += cairo_image_surface_get_stride(surface)) {
        const uint32_t *values = (const uint32_t *)(const void *)row;
        for (int x = 0; x < width; x++, pixel += 3) {
            pixel[0] = (uint8_t)(values[x] >> 16);
            pixel[1] = (uint8_t)(values[x] >> 8);
            pixel[2] = (uint8_t)values[x];
        }
    }
    return SG_OK;
}

sg_status sg_drawing_finish(cairo_t *cairo, cairo_surface_t *surface, const char *what,
                            sg_image **image, sg_error *error)
{
    const cairo_status_t code = cairo_status(cairo);
    *image = NULL;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    const sg_status status =
        code == CAIRO_STATUS_SUCCESS
            ? copy_pixels(surface, image, error)
            : sg_fail(error, code == CAIRO_STATUS_NO_MEMORY ? SG_ERROR_MEMORY : SG_ERROR_LIBRARY,
                      "cairo could not draw %s: %s", what, cairo_status_to_string(code));
    cairo_surface_destroy(surface);
    return status;
}
