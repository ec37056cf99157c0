/* Generators of every family: mapping z and labels to w, w to pictures. */
#ifndef SG_MODELS_GENERATOR_H
#define SG_MODELS_GENERATOR_H

#include "models/config.h"
#include "nn/parameter.h"
#include "nn/synthesis_layer.h"

typedef struct sg_generator sg_generator;

/* A network with initial weights drawn from `seed`. NULL (error in the context) on failure. */
sg_generator *sg_generator_create(sg_context *context, const sg_generator_config *config,
                                  sg_dtype dtype, uint64_t seed);
void sg_generator_destroy(sg_generator *generator);

/* Its config and its tensors, borrowed. */
const sg_generator_config *sg_generator_config_of(const sg_generator *generator);
sg_parameter_set *sg_generator_parameters(sg_generator *generator);

/* The resolution (4, 8, 16 ... img_resolution; of StyleGAN3, twice the cutoff, rounded down to a
 * power of two) of the first layer that takes w input `index`. */
int sg_generator_style_resolution(const sg_generator *generator, int index);

/* The number of w inputs; the picture's size. */
int sg_generator_num_ws(const sg_generator *generator);
int sg_generator_height(const sg_generator *generator);
int sg_generator_width(const sg_generator *generator);

/* w [N, w_dim] of z [N, z_dim] and, when conditional, c [N, c_dim] (else NULL). */
sg_tensor *sg_generator_map(sg_generator *generator, sg_tensor *z, sg_tensor *c);

/* The same w for every input: [N, num_ws, w_dim]. */
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

/* The current level of detail of a generator that grows (models/level.h); others ignore it, and
 * have 0. */
void sg_generator_set_lod(sg_generator *generator, double lod);

/*
 * What StyleGAN3's input is moved and turned by: the inverse of the transform of the picture, a 3x3
 * matrix in rows, one unit being the picture's side. False for a family without such an input.
 */
bool sg_generator_set_transform(sg_generator *generator, const double inverse[9]);

/* The same matrix as it is now; false, leaving `inverse` alone, for a family without one. */
bool sg_generator_transform(const sg_generator *generator, double inverse[9]);

/*
 * Places all pictures as the average w places its own, where w would otherwise move and turn each
 * (StyleGAN3's input). False for a family without such an input.
 */
bool sg_generator_anchor(sg_generator *generator);

/* Pictures [N, H, W, C] from ws [N, num_ws, w_dim]. */
sg_tensor *sg_generator_synthesize(sg_generator *generator, sg_tensor *ws,
                                   sg_synthesis_options options);

#endif
