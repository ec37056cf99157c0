/*
 * DCGAN's discriminator (Radford et al. 2016, section 3): convolutions that halve the size, with
 * leaky ReLU and, except in the first, normalisation; a convolution of the remaining 4x4 features
 * gives the score. Labels are further channels of the picture (Mirza and Osindero 2014).
 *
 * Tested by: tests/models/dcgan/test_dcgan.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "models/dcgan/dcgan.h"
#include "nn/normed_convolution.h"
#include "ops/layout.h"
#include "ops/reduce.h"

enum { MAX_LAYERS = 16 };

typedef struct discriminator {
    const sg_discriminator_config *config;
    int count;
    sg_normed_convolution layers[MAX_LAYERS]; /* the largest first */
} discriminator;

static void add_layer(discriminator *net, sg_parameter_set *set, int resolution)
{
    char prefix[16];
    const sg_discriminator_config *config = net->config;
    const bool first = resolution == config->img_resolution;
    const bool last = resolution == 4;
    snprintf(prefix, sizeof prefix, "b%d", resolution);
    sg_normed_convolution_options options = {
        .in_channels = first
                           ? config->img_channels + config->c_dim
                           : sg_channels_at(config->channel_base, config->channel_max, resolution),
        .out_channels =
            last ? 1 : sg_channels_at(config->channel_base, config->channel_max, resolution / 2),
        .whole = last,
        .norm = first || last ? SG_NORM_NONE : config->norm,
        .activation = last ? SG_LINEAR : SG_LRELU};
    net->layers[net->count++] =
        sg_normed_convolution_create(set, prefix, last ? "out" : "conv", options);
}

static void *create(sg_parameter_set *set, const sg_discriminator_config *config)
{
    discriminator *net = sg_context_allocate(set->context, sizeof *net, "a discriminator");
    if (!net)
        return NULL;
    net->config = config;
    for (int resolution = config->img_resolution; resolution >= 4; resolution /= 2)
        add_layer(net, set, resolution);
    return net;
}

/* Returns the pictures with a constant channel for each class. */
static sg_tensor *append_labels(sg_tensor *pictures, sg_tensor *c)
{
    const int64_t *size = pictures->shape.size;
    const int64_t classes = c->shape.size[1];
    sg_tensor *maps = sg_broadcast(sg_reshape(c, SG_SHAPE(size[0], 1, 1, classes)),
                                   SG_SHAPE(size[0], size[1], size[2], classes));
    return sg_concatenate(pictures, maps, 3);
}

/* Returns the result of all layers; those of all but the last go to `maps` (NULL: nowhere). */
static sg_tensor *layers_forward(const discriminator *net, sg_tensor *pictures, sg_tensor *c,
                                 sg_feature_maps *maps)
{
    const sg_norm_pass pass = {.batch_moments = true};
    const size_t scope = sg_scope_open(pictures->context);
    sg_tensor *x = c ? append_labels(pictures, c) : pictures;
    for (int i = 0; i < net->count; i++) {
        x = sg_normed_convolution_forward(&net->layers[i], x, pass);
        if (maps && i < net->count - 1)
            sg_feature_maps_add(maps, x);
        sg_scope_close_pair(pictures->context, scope, x, NULL);
    }
    return x;
}

static sg_tensor *score(void *network, sg_tensor *pictures, sg_tensor *c)
{
    const discriminator *net = network;
    sg_context *context = pictures->context;
    const bool labels = net->config->c_dim > 0;
    if (labels && !c)
        return sg_context_fail(context, SG_ERROR_ARGUMENT,
                               "the discriminator needs labels for its pictures");
    size_t scope = sg_scope_open(context);
    sg_tensor *x = layers_forward(net, pictures, labels ? c : NULL, NULL);
    return sg_scope_close(context, scope, sg_reshape(x, SG_SHAPE(pictures->shape.size[0], 1)));
}

/* Without a class: the channels of all are 0. */
static void maps_of(void *network, sg_tensor *pictures, sg_feature_maps *maps)
{
    const discriminator *net = network;
    const int64_t classes = net->config->c_dim;
    sg_tensor *c = classes > 0 ? sg_tensor_full(pictures->context, pictures->dtype,
                                                SG_SHAPE(pictures->shape.size[0], classes), 0)
                               : NULL;
    layers_forward(net, pictures, c, maps);
}

const sg_discriminator_functions sg_dcgan_discriminator = {
    .create = create, .destroy = free, .score = score, .maps = maps_of};
