/*
 * The colours follow a path through Oklab (Ottosson 2020, "A perceptual color space for image
 * processing"), in which equal steps look equal: lightness rises evenly while the hue turns.
 */
#include "image/figures/heat_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/figures/drawing.h"

enum {
    STEPS = 256,
    BAR_HEIGHT = 14,  /* pixels, as are the others */
    BAR_MARGIN = 48,  /* at its left and right */
    SCALE_HEIGHT = 26 /* below the bar */
};

static const double TEXT_SIZE = 14;

static const double pi = 3.14159265358979323846;

static uint8_t encode_srgb(double linear)
{
    const double light = fmin(1, fmax(0, linear));
    const double value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
    return (uint8_t)lrint(value * 255);
}

static double cube(double value)
{
    return value * value * value;
}

/* Finds the colour at `t` of the path, 0 to 1. */
static void find_colour(double t, uint8_t rgb[3])
{
    const double lightness = 0.15 + 0.8 * t;
    const double chroma = 0.04 + 0.13 * sin(pi * fmin(1, 0.08 + 0.92 * t));
    const double hue = (-90 + 195 * t) * pi / 180;
    const double a = chroma * cos(hue);
    const double b = chroma * sin(hue);
    const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    rgb[0] = encode_srgb(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
    rgb[1] = encode_srgb(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
    rgb[2] = encode_srgb(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
}

sg_status sg_heat_map_draw(const float *values, size_t height, size_t width, double least,
                           double most, sg_image **image, sg_error *error)
{
    uint8_t colours[STEPS][3];
    *image = NULL;
    if (!(most > least))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the range of a heat map is from %g to %g, but must be ascending", least,
                       most);
    SG_TRY(sg_image_create(width, height, 3, image, error));
    for (int i = 0; i < STEPS; i++)
        find_colour(i / (STEPS - 1.0), colours[i]);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const double share = (values[y * width + x] - least) / (most - least);
            const double step = fmin(1, fmax(0, share)) * (STEPS - 1);
            const uint8_t *colour = colours[lrint(step)];
            memcpy((*image)->pixels + (y * width + x) * 3, colour, 3);
        }
    return SG_OK;
}

/* ---- the bar of the colours ---- */

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
