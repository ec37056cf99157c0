/* The mapping network: z and label to w (Karras et al. 2018, section 2; official MappingNetwork).
 */
#ifndef SG_NN_MAPPING_H
#define SG_NN_MAPPING_H

#include "nn/linear.h"

enum { SG_MAX_MAPPING_LAYERS = 32 };

/* How z and label become one vector, and where the layers' gains are. */
typedef enum sg_mapping_form {
    /* The label through a layer of its own; it and z each of unit second moment. */
    SG_MAPPING_APART,
    /* As until StyleGAN2: the label through a plain matrix, or as it is; both as one vector of unit
     * second moment; the layers' gains in the weights. */
    SG_MAPPING_TOGETHER,
    SG_MAPPING_PLAIN /* the label and z as they are */
} sg_mapping_form;

typedef struct sg_mapping {
    sg_context *context;
    sg_mapping_form form;
    int z_dim, c_dim, num_layers;
    sg_linear embed; /* of the label; without a weight the label stays as it is */
    sg_linear layers[SG_MAX_MAPPING_LAYERS]; /* fc0, fc1, ... */
    sg_tensor *w_avg;                        /* [w_dim], a buffer; NULL when not tracked */
} sg_mapping;

typedef struct sg_mapping_options {
    sg_mapping_form form;
    int z_dim, c_dim, w_dim; /* z_dim 0: labels only (the discriminator's) */
    int num_layers;          /* 0: w is that vector */
    int embed_features;      /* 0: the label as it is */
    int layer_features;
    sg_activation activation;
    double lr_multiplier;
    bool track_average; /* whether w_avg exists */
} sg_mapping_options;

/* Adds the network's tensors under "PREFIX.". */
sg_mapping sg_mapping_create(sg_parameter_set *set, const char *prefix, sg_mapping_options options);

/*
 * w [N, w_dim]: z and the embedded label, normalised and joined as the form says, and taken through
 * the layers. z is NULL when z_dim is 0, c when c_dim is 0.
 */
sg_tensor *sg_mapping_forward(const sg_mapping *mapping, sg_tensor *z, sg_tensor *c);

#endif
