/* The noise that layers of a synthesis network add, and how a pass wants it. */
#ifndef SG_NN_NOISE_LAYER_H
#define SG_NN_NOISE_LAYER_H

#include "base/random.h"
#include "nn/parameter.h"
#include "stylegan.h"

/* How one pass through a synthesis network goes. */
typedef struct sg_synthesis_options {
    sg_noise_mode noise_mode;
    sg_random *random;       /* for SG_NOISE_RANDOM; advanced by the draws */
    uint32_t silent_blocks;  /* bit i: block i of the network, whose size is 4 << i, has no noise */
    bool current_resolution; /* of a network that grows, the picture at its current resolution
                                instead of stretched to the full one */
    bool update_averages; /* move the averages of magnitudes that layers track, as training does */
    bool batch_moments;   /* normalise by the batch's own moments, as training does */
    sg_storage *result;   /* where a layer's result may go when the tape is off; NULL; borrowed */
} sg_synthesis_options;

typedef struct sg_noise_layer {
    sg_tensor *constant; /* [height, width], standard normal, a buffer; NULL without noise */
    sg_tensor *strength; /* 0 at the start: a scalar, or one for each channel, [C] */
    int height, width;
} sg_noise_layer;

/* Adds the buffer "PREFIX.noise_const"; the parameter "PREFIX.noise_strength" of that shape. */
void sg_noise_layer_add_constant(sg_noise_layer *layer, sg_parameter_set *set, const char *prefix,
                                 int height, int width);
void sg_noise_layer_add_strength(sg_noise_layer *layer, sg_parameter_set *set, const char *prefix,
                                 sg_shape shape);

/* The noise before its strength, [1 or N, height, width, 1]; NULL without noise (or on failure). */
sg_tensor *sg_noise_layer_draw(const sg_noise_layer *layer, int64_t samples,
                               sg_synthesis_options options);

/* The noise to add to the layer's features, [1 or N, height, width, 1 or C]; NULL without noise (or
 * on failure). */
sg_tensor *sg_noise_layer_forward(const sg_noise_layer *layer, int64_t samples,
                                  sg_synthesis_options options);

/*
 * The options for block `level` of a network, which has `count` layers with noise like this one. A
 * silent block draws none, but skips its random numbers, so that a layer's noise does not depend on
 * which others have some.
 */
sg_synthesis_options sg_noise_options_of_block(sg_synthesis_options options, int level,
                                               const sg_noise_layer *layer, int count,
                                               int64_t samples);

#endif
