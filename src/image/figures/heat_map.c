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

enum { STEPS = 256 };

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
