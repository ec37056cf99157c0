/*
 * Families of generators. All share the mapping network and what is done with w; a family is how
 * pictures come from w, as a table of functions, and is known by its name.
 */
#ifndef SG_MODELS_FAMILY_H
#define SG_MODELS_FAMILY_H

#include "models/config.h"
#include "nn/parameter.h"
#include "nn/synthesis_layer.h"

/* How one family makes pictures. */
typedef struct sg_synthesis_functions {
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

extern const sg_synthesis_functions sg_stylegan2_synthesis;
extern const sg_synthesis_functions sg_stylegan3_synthesis;

/* The family's functions. */
const sg_synthesis_functions *sg_family_synthesis(sg_family family);

/* "stylegan2", as options and files have it; "StyleGAN2", for people. */
const char *sg_family_name(sg_family family);
const char *sg_family_title(sg_family family);

/* The family of a name, or -1. */
int sg_family_from_name(const char *name);

/* Whether a tensor of that name shows that a generator is of the family. */
bool sg_family_has_tensor(sg_family family, const char *name);

/* The w of input `index`, [N, w_dim], of ws [N, num_ws, w_dim]. */
sg_tensor *sg_pick_style(sg_tensor *ws, int index);

#endif
