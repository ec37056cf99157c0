/* Converts pixel by pixel through RGBA. */
#include "image/channels.h"

#include <string.h>

/* Weights of BT.601 in units of 2^-16; their sum is 2^16. */
#define RED_WEIGHT 19595u
#define GREEN_WEIGHT 38470u
#define BLUE_WEIGHT 7471u

static void widen(const uint8_t *pixel, size_t channels, uint8_t rgba[4])
{
    const bool colored = channels >= 3;
    rgba[0] = pixel[0];
    rgba[1] = pixel[colored ? 1 : 0];
    rgba[2] = pixel[colored ? 2 : 0];
    rgba[3] = channels % 2 == 0 ? pixel[channels - 1] : 255;
}

static void lay_over_black(uint8_t rgba[4])
{
    for (size_t c = 0; c < 3; c++)
        rgba[c] = (uint8_t)((rgba[c] * (unsigned)rgba[3] + 127) / 255);
}

static void narrow(const uint8_t rgba[4], bool colored, size_t channels, uint8_t *pixel)
{
    if (channels >= 3) {
        memcpy(pixel, rgba, 3);
    } else if (!colored) {
        pixel[0] = rgba[0];
    } else {
        pixel[0] = (uint8_t)((rgba[0] * RED_WEIGHT + rgba[1] * GREEN_WEIGHT +
                              rgba[2] * BLUE_WEIGHT + 0x8000u) >>
                             16);
    }
    if (channels % 2 == 0)
        pixel[channels - 1] = rgba[3];
}

sg_status sg_image_convert_channels(const sg_image *image, size_t channels, sg_image **converted,
                                    sg_error *error)
{
    SG_TRY(sg_image_create(image->width, image->height, channels, converted, error));
    const uint8_t *from = image->pixels;
    uint8_t *to = (*converted)->pixels;
    const bool loses_alpha = image->channels % 2 == 0 && channels % 2 != 0;
    const size_t count = image->width * image->height;
    for (size_t i = 0; i < count; i++, from += image->channels, to += channels) {
        uint8_t rgba[4];
        widen(from, image->channels, rgba);
        if (loses_alpha)
            lay_over_black(rgba);
        narrow(rgba, image->channels >= 3, channels, to);
    }
    return SG_OK;
}

const char *sg_channels_name(size_t channels)
{
    static const char *const names[] = {"grey", "grey and alpha", "RGB", "RGBA"};
    return channels >= 1 && channels <= 4 ? names[channels - 1] : "of unknown channels";
}
