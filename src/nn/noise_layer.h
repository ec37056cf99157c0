/* The noise that layers of a synthesis network add, and the options of a pass. */
#ifndef SG_NN_NOISE_LAYER_H
#define SG_NN_NOISE_LAYER_H

#include "base/random.h"
#include "nn/layer_tap.h"
#include "nn/parameter.h"
#include "stylegan.h"

/* Options of a pass through a synthesis network. */
typedef struct sg_synthesis_options {
    sg_noise_mode noise_mode;
    sg_random *random;      /* for SG_NOISE_RANDOM; advanced by the draws */
    uint32_t silent_layers; /* bit i: layer i of the network has no noise; layers are counted as
                               inputs of w are, the first that convolves or has a style is 0 */
    /* Growing networks return the picture at the current resolution, not stretched to the full one.
     */
    bool current_resolution;
    bool update_averages; /* moves the averages of magnitudes that layers track, as training does */
    bool batch_moments;   /* normalises by the batch's own moments, as training does */
    sg_storage *result;   /* borrowed: may hold a layer's result when the tape is off; or NULL */
    const sg_layer_tap *tap; /* looks at the features of layers; NULL: none */
} sg_synthesis_options;

/* The noise of a layer; its tensors belong to the parameter set. */
typedef struct sg_noise_layer {
    sg_tensor *constant; /* [height, width], standard normal, a buffer; NULL without noise */
    sg_tensor *strength; /* 0 at the start: a scalar, or one for each channel, [C] */
    int height, width;
} sg_noise_layer;

/* Add the buffer "PREFIX.noise_const", and the parameter "PREFIX.noise_strength" of a shape. */
void sg_noise_layer_add_constant(sg_noise_layer *layer, sg_parameter_set *set, const char *prefix,
                                 int height, int width);
void sg_noise_layer_add_strength(sg_noise_layer *layer, sg_parameter_set *set, const char *prefix,
                                 sg_shape shape);

/* Returns the noise before its strength, [1 or N, height, width, 1]; NULL without noise or on
 * failure.
 */
sg_tensor *sg_noise_layer_draw(const sg_noise_layer *layer, int64_t samples,
                               sg_synthesis_options options);

/* Returns the noise to add to the layer's features, [1 or N, height, width, 1 or C]; NULL without
 * noise or on failure. */
sg_tensor *sg_noise_layer_forward(const sg_noise_layer *layer, int64_t samples,
                                  sg_synthesis_options options);

/*
 * Returns the options for layer `index` of a network, whose noise is `layer`. A silent layer draws
 * no noise and skips its random numbers, so that a layer's noise does not depend on which others
 * are silent.
 */
sg_synthesis_options sg_noise_options_of_layer(sg_synthesis_options options, int index,
                                               const sg_noise_layer *layer, int64_t samples);

#endif
