/*
 * Coarse, middle and fine layers by resolution: the ranges of Karras et al. 2019 for styles (figure
 * 3: 4-8, 16-32, 64-1024) and noise (figure 5: 4-32, 64-1024), and similar cuts for networks too
 * small for those.
 */
#ifndef SG_PICTURES_LAYER_RANGES_H
#define SG_PICTURES_LAYER_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "models/generator.h"

enum {
    SG_STYLE_RANGES = 3, /* coarse, middle, fine */
    SG_NOISE_RANGES = 2, /* coarse, fine */
    SG_RANGE_TEXT_BYTES = 16,
    SG_LEAST_PAPER_RESOLUTION = 64 /* of a network that the paper's ranges suit */
};

/* Resolutions, powers of two, both included. */
typedef struct sg_layer_range {
    int smallest, largest;
} sg_layer_range;

/*
 * Finds the ranges of styles for an img_resolution; none is empty. Returns false, leaving `ranges`
 * alone, below 16, where there are fewer than three resolutions.
 */
bool sg_style_ranges(int resolution, sg_layer_range ranges[SG_STYLE_RANGES]);

/* Finds the ranges of noise; the resolution is at least 8. */
void sg_noise_ranges(int resolution, sg_layer_range ranges[SG_NOISE_RANGES]);

/* Returns the generator's layers outside the range as sg_synthesis_options.silent_layers. */
uint32_t sg_layers_outside(const sg_generator *generator, sg_layer_range range);

/* Writes "4-8", or "16" for a single one, to `text` [SG_RANGE_TEXT_BYTES]; returns `text`. */
const char *sg_layer_range_print(sg_layer_range range, char *text);

#endif
