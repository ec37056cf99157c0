/*
 * What a family of networks is: its defaults, the table of its configs, and the functions of its
 * networks. Everything that differs between families is asked of the descriptor, so that a family
 * is a folder and a row in models/families.h.
 *
 * All generators share the mapping network and what is done with w (models/generator.h).
 */
#ifndef SG_MODELS_FAMILY_H
#define SG_MODELS_FAMILY_H

#include "base/fields.h"
#include "models/config.h"
#include "models/feature_maps.h"
#include "nn/mapping.h"
#include "nn/parameter.h"
#include "nn/synthesis_layer.h"

/* How a family makes pictures. */
typedef struct sg_synthesis_functions {
    sg_mapping_form mapping_form; /* of the mapping network that gives w */
    /*
     * Adds the tensors under "synthesis." to the set, which outlives the network. Returns the
     * network, or NULL (error in the context). The config was checked and is borrowed as long as
     * the network lives.
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

/* How a family scores pictures. */
typedef struct sg_discriminator_functions {
    /* As sg_synthesis_functions.create; tensors have the names of files. */
    void *(*create)(sg_parameter_set *set, const sg_discriminator_config *config);
    void (*destroy)(void *discriminator);
    /* Scores [N, 1] of pictures [N, H, W, C] and labels c [N, c_dim] or NULL, whose shapes were
     * checked. */
    sg_tensor *(*score)(void *discriminator, sg_tensor *pictures, sg_tensor *c);
    /* Features [N, F] that the last layer makes the score of; NULL where none are offered. */
    sg_tensor *(*features)(void *discriminator, sg_tensor *pictures);
    /* Adds the results of the blocks of convolutions (sg_discriminator_maps). */
    void (*maps)(void *discriminator, sg_tensor *pictures, sg_feature_maps *maps);
} sg_discriminator_functions;

typedef struct sg_family_descriptor {
    const char *title; /* "StyleGAN2", for people */
    const char *mark;  /* how the name of a tensor begins that only this family's generator has */

    bool maps;          /* a mapping network gives w; otherwise w is z and the label side by side */
    bool grows;         /* networks have a current level of detail (models/level.h) */
    bool plain_weights; /* weights are used as stored, without equalisation at run time */
    bool normalises;    /* discriminators normalise as sg_discriminator_config.norm says */
    bool ignores_labels; /* scores do not depend on labels; classes are further outputs */
    bool rectangles;     /* constants need not be 4x4, nor pictures square */
    bool moves_constant; /* pictures move when the constant that they begin with is moved */
    const char *input;   /* the module of an input with a transform ("synthesis.input"), or NULL */

    /* The generator. Defaults start as StyleGAN2's; the table follows the rows of all families
     * (models/config_fields.h) and may be NULL; the check finds ranges checked. */
    void (*set_generator_defaults)(sg_generator_config *config);
    const sg_field_table *generator_fields;
    sg_status (*check_generator)(const sg_generator_config *config, sg_error *error);
    double (*synthesis_values)(const sg_generator_config *config); /* models/network_size.h */
    const sg_synthesis_functions *synthesis;

    /* The discriminator; if all are NULL, it is one of the default family. The table is whole; the
     * check may be NULL. */
    void (*set_discriminator_defaults)(sg_discriminator_config *config);
    const sg_field_table *discriminator_fields;
    sg_status (*check_discriminator)(const sg_discriminator_config *config, sg_error *error);
    double (*discriminator_values)(const sg_discriminator_config *config);
    const sg_discriminator_functions *discriminator;
} sg_family_descriptor;

#define SG_DECLARE_FAMILY(enumerator, name) extern const sg_family_descriptor sg_##name##_family;
SG_FAMILIES(SG_DECLARE_FAMILY)

/* "stylegan2" ..., as options and files have it. */
extern const sg_choices sg_family_choices;

/* Returns the family's descriptor; never NULL. */
const sg_family_descriptor *sg_family_of(sg_family family);

/* Returns the family of the discriminators that are trained with the family's generators. */
sg_family sg_discriminator_family(sg_family family);

/* True if a tensor of that name shows that a generator is of the family. */
bool sg_family_has_tensor(sg_family family, const char *name);

#endif
