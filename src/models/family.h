/*
 * Families of networks. All generators share the mapping network and what is done with w; a family
 * is how pictures come from w, and scores from pictures, as tables of functions, and is known by
 * its name.
 */
#ifndef SG_MODELS_FAMILY_H
#define SG_MODELS_FAMILY_H

#include "models/config.h"
#include "nn/mapping.h"
#include "nn/parameter.h"
#include "nn/synthesis_layer.h"

/* How one family makes pictures. */
typedef struct sg_synthesis_functions {
    sg_mapping_form mapping_form; /* of the mapping network before it */
    /*
     * Adds the tensors under "synthesis." to the set, which outlives the network, and returns the
     * network; NULL (error in the context) on failure. The config was checked, and is borrowed for
     * as long as the network lives.
     */
    void *(*create)(sg_parameter_set *set, const sg_generator_config *config);
    void (*destroy)(void *synthesis);
    /* The number of w inputs, and the picture's size. */
    int (*num_ws)(const sg_generator_config *config);
    int (*height)(const sg_generator_config *config);
    int (*width)(const sg_generator_config *config);
    /* The resolution of the first layer that takes w input `index`. */
    int (*style_resolution)(const sg_generator_config *config, int index);
    /* Pictures [N, H, W, C] from ws [N, num_ws, w_dim]. */
    sg_tensor *(*synthesize)(void *synthesis, sg_tensor *ws, sg_synthesis_options options);
} sg_synthesis_functions;

/* How one family gives scores. */
typedef struct sg_discriminator_functions {
    /* As sg_synthesis_functions.create, with the network's tensors named as files have them. */
    void *(*create)(sg_parameter_set *set, const sg_discriminator_config *config);
    void (*destroy)(void *discriminator);
    /* Scores [N, 1] of pictures [N, H, W, C] and labels c [N, c_dim] or NULL, whose shapes were
     * checked. */
    sg_tensor *(*score)(void *discriminator, sg_tensor *pictures, sg_tensor *c);
} sg_discriminator_functions;

extern const sg_synthesis_functions sg_stylegan2_synthesis;
extern const sg_synthesis_functions sg_stylegan3_synthesis;
extern const sg_synthesis_functions sg_stylegan1_synthesis;
extern const sg_synthesis_functions sg_progan_synthesis;
extern const sg_synthesis_functions sg_dcgan_synthesis;

extern const sg_discriminator_functions sg_stylegan2_discriminator;
extern const sg_discriminator_functions sg_growing_discriminator;
extern const sg_discriminator_functions sg_dcgan_discriminator;

/* The family's functions. */
const sg_synthesis_functions *sg_family_synthesis(sg_family family);
const sg_discriminator_functions *sg_family_discriminator(sg_family family);

/* "stylegan2", as options and files have it; "StyleGAN2", for people. */
const char *sg_family_name(sg_family family);
const char *sg_family_title(sg_family family);

/* The family of a name, or -1. */
int sg_family_from_name(const char *name);

/* Whether a tensor of that name shows that a generator is of the family. */
bool sg_family_has_tensor(sg_family family, const char *name);

/* For families whose pictures are square: the side. For those whose w is the input of the whole
 * network: 1, the number of w inputs. */
int sg_square_side(const sg_generator_config *config);
int sg_single_w(const sg_generator_config *config);

/* The w of input `index`, [N, w_dim], of ws [N, num_ws, w_dim]. */
sg_tensor *sg_pick_style(sg_tensor *ws, int index);

/* A learned constant [C, H, W] for every sample, [N, H, W, C]. */
sg_tensor *sg_repeat_constant(sg_tensor *constant, int64_t samples);

#endif
