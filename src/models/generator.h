/* Generators of every family: from z and labels to w, from w to pictures. */
#ifndef SG_MODELS_GENERATOR_H
#define SG_MODELS_GENERATOR_H

#include "models/config.h"
#include "nn/parameter.h"
#include "nn/synthesis_layer.h"

typedef struct sg_generator sg_generator;

/* Returns a network with initial weights drawn from `seed`; NULL (error in the context) on failure.
 */
sg_generator *sg_generator_create(sg_context *context, const sg_generator_config *config,
                                  sg_dtype dtype, uint64_t seed);
void sg_generator_destroy(sg_generator *generator);

/* Returns the config and the parameters; borrowed. */
const sg_generator_config *sg_generator_config_of(const sg_generator *generator);
sg_parameter_set *sg_generator_parameters(sg_generator *generator);

/* Returns the resolution (4, 8, 16 ... img_resolution; StyleGAN3: twice the cutoff, rounded down to
 * a power of two) of the first layer that takes w input `index`. */
int sg_generator_style_resolution(const sg_generator *generator, int index);

/* Return the number of w inputs and the size of pictures. */
int sg_generator_num_ws(const sg_generator *generator);
int sg_generator_height(const sg_generator *generator);
int sg_generator_width(const sg_generator *generator);

/* Returns w [N, w_dim] of z [N, z_dim] and labels c [N, c_dim], NULL without labels. */
sg_tensor *sg_generator_map(sg_generator *generator, sg_tensor *z, sg_tensor *c);

/* Returns w [N, w_dim] for every input: [N, num_ws, w_dim]. */
sg_tensor *sg_generator_broadcast(sg_generator *generator, sg_tensor *w);

/*
 * Returns middle + psi * (w - middle) for the inputs below `cutoff` (negative: all inputs) of the
 * styles `ws` [N, num_ws, w_dim]; the middle is the styles `center` [1, num_ws, w_dim], or w_avg if
 * NULL. psi may be any number; 1 leaves ws as they are.
 */
sg_tensor *sg_generator_truncate(sg_generator *generator, sg_tensor *ws, sg_tensor *center,
                                 double psi, int cutoff);

/* Moves w_avg towards the mean of w [N, w_dim] by the config's w_avg_beta. */
void sg_generator_track_average(sg_generator *generator, const sg_tensor *w);

/* Sets the current level of detail (models/level.h); generators that do not grow ignore it. */
void sg_generator_set_lod(sg_generator *generator, double lod);

/*
 * Sets the transform of StyleGAN3's input: the inverse of the picture's transform, a 3x3 matrix by
 * rows, in units of the picture's side. False if the family has no such input.
 */
bool sg_generator_set_transform(sg_generator *generator, const double inverse[9]);

/* Reads the current matrix; false, with `inverse` unchanged, if the family has none. */
bool sg_generator_transform(const sg_generator *generator, double inverse[9]);

/* Where anchored pictures lie. */
typedef enum sg_anchor {
    SG_ANCHOR_AVERAGE,  /* where that of the average w does */
    SG_ANCHOR_PUBLISHED /* as anchor_latent_space of stylegan3-fun and others, which adds the affine
                           layer's result, bias included, to that bias */
} sg_anchor;

/*
 * Gives all pictures the same position, where each w would translate and rotate its own picture
 * (StyleGAN3's input). False if the family has no such input.
 */
bool sg_generator_anchor(sg_generator *generator, sg_anchor anchor);

/* Returns pictures [N, H, W, C] of ws [N, num_ws, w_dim]. */
sg_tensor *sg_generator_synthesize(sg_generator *generator, sg_tensor *ws,
                                   sg_synthesis_options options);

#endif
