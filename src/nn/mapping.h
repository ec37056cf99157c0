/* The mapping network from z and label to w (Karras et al. 2018, section 2; MappingNetwork). */
#ifndef SG_NN_MAPPING_H
#define SG_NN_MAPPING_H

#include "nn/linear.h"

enum { SG_MAX_MAPPING_LAYERS = 32 };

/* How z and label become one vector, and where the layers' gains apply. */
typedef enum sg_mapping_form {
    /* StyleGAN2 and 3: the label has a layer of its own; it and z are each normalised. */
    SG_MAPPING_APART,
    /* Before StyleGAN2: the label is multiplied by a plain matrix, or taken unchanged; z and label
     * are normalised as one vector; the weights include the layers' gains. */
    SG_MAPPING_TOGETHER,
    /* The label and z are taken unchanged. */
    SG_MAPPING_PLAIN
} sg_mapping_form;

/* A mapping network; its tensors belong to the parameter set. */
typedef struct sg_mapping {
    sg_context *context;
    sg_mapping_form form;
    int z_dim, c_dim, num_layers;
    sg_linear embed; /* of the label, which stays unchanged if there is no weight */
    sg_linear layers[SG_MAX_MAPPING_LAYERS]; /* fc0, fc1, ... */
    sg_tensor *w_avg;                        /* [w_dim], a buffer; NULL when not tracked */
} sg_mapping;

/* Sizes and options of a mapping network. */
typedef struct sg_mapping_options {
    sg_mapping_form form;
    int z_dim, c_dim, w_dim; /* z_dim 0: labels only, as in discriminators */
    int num_layers;          /* 0: w is the joined vector */
    int embed_features;      /* 0: the label is taken unchanged */
    int layer_features;
    sg_activation activation;
    double lr_multiplier;
    bool track_average; /* adds w_avg */
} sg_mapping_options;

/* Adds the network's tensors under "PREFIX.". Failures are in the context. */
sg_mapping sg_mapping_create(sg_parameter_set *set, const char *prefix, sg_mapping_options options);

/*
 * Returns w [N, w_dim]: z and the embedded label, normalised and joined as the form says, after all
 * layers. z is NULL when z_dim is 0, c when c_dim is 0.
 */
sg_tensor *sg_mapping_forward(const sg_mapping *mapping, sg_tensor *z, sg_tensor *c);

#endif
