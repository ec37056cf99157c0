/* Ranges of resolutions; see layer_ranges.h. Tested by: tests/cli/test_mix.c */
#include "pictures/layer_ranges.h"

#include <stdio.h>

enum { FIRST_RESOLUTION = 4, LAYER_LIMIT = 32 };

/* Cuts 4 .. resolution after each of `ends`. */
static void cut(int resolution, const int *ends, int count, sg_layer_range *ranges)
{
    int smallest = FIRST_RESOLUTION;
    for (int i = 0; i < count; i++) {
        ranges[i] = (sg_layer_range){smallest, i < count - 1 ? ends[i] : resolution};
        smallest = 2 * ranges[i].largest;
    }
}

bool sg_style_ranges(int resolution, sg_layer_range ranges[SG_STYLE_RANGES])
{
    const bool small = resolution < SG_LEAST_PAPER_RESOLUTION;
    const int ends[] = {small ? resolution / 4 : 8, small ? resolution / 2 : 32};
    if (ends[0] < FIRST_RESOLUTION)
        return false;
    cut(resolution, ends, SG_STYLE_RANGES, ranges);
    return true;
}

void sg_noise_ranges(int resolution, sg_layer_range ranges[SG_NOISE_RANGES])
{
    const int half = resolution <= 8 ? FIRST_RESOLUTION : 8;
    const int ends[] = {resolution < SG_LEAST_PAPER_RESOLUTION ? half : 32};
    cut(resolution, ends, SG_NOISE_RANGES, ranges);
}

uint32_t sg_layers_outside(const sg_generator *generator, sg_layer_range range)
{
    uint32_t outside = 0;
    for (int i = 0; i < LAYER_LIMIT; i++) {
        const int resolution = sg_generator_style_resolution(generator, i);
        if (resolution < range.smallest || resolution > range.largest)
            outside |= UINT32_C(1) << i;
    }
    return outside;
}

const char *sg_layer_range_print(sg_layer_range range, char *text)
{
    if (range.smallest == range.largest)
        snprintf(text, SG_RANGE_TEXT_BYTES, "%d", range.smallest);
    else
        snprintf(text, SG_RANGE_TEXT_BYTES, "%d-%d", range.smallest, range.largest);
    return text;
}
