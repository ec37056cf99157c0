/*
 * DCGAN's generator (Radford et al. 2016, section 3 and figure 1): the latent becomes a 4x4 map of
 * features, and transposed convolutions double its size, with batch normalisation and ReLU; the
 * last one gives the colours through a hyperbolic tangent.
 *
 * Tested by: tests/models/dcgan/test_dcgan.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "models/dcgan/dcgan.h"
#include "models/style_inputs.h"
#include "nn/normed_convolution.h"
#include "ops/layout.h"

enum { MAX_LAYERS = 16 };

typedef struct synthesis {
    int count;
    sg_normed_convolution layers[MAX_LAYERS]; /* the smallest first */
} synthesis;

static void add_layer(synthesis *net, sg_parameter_set *set, const sg_generator_config *config,
                      int resolution)
{
    char prefix[32];
    const bool first = resolution == 4;
    const bool last = resolution == config->img_resolution;
    const int below =
        first ? config->w_dim
              : sg_channels_at(config->channel_base, config->channel_max, resolution / 2);
    snprintf(prefix, sizeof prefix, "synthesis.b%d", resolution);
    sg_normed_convolution_options options = {
        .in_channels = below,
        .out_channels = last
                            ? config->img_channels
                            : sg_channels_at(config->channel_base, config->channel_max, resolution),
        .transposed = true,
        .whole = first,
        .norm = last ? SG_NORM_NONE : SG_NORM_BATCH,
        .tracks = true,
        .activation = last ? SG_TANH : SG_RELU};
    net->layers[net->count++] =
        sg_normed_convolution_create(set, prefix, first ? "project" : "upconv", options);
}

static void *create(sg_parameter_set *set, const sg_generator_config *config)
{
    synthesis *net = sg_context_allocate(set->context, sizeof *net, "a generator");
    if (!net)
        return NULL;
    for (int resolution = 4; resolution <= config->img_resolution; resolution *= 2)
        add_layer(net, set, config, resolution);
    return net;
}

static int style_resolution(const sg_generator_config *config, int index)
{
    (void)config;
    (void)index;
    return 4;
}

static sg_tensor *synthesize(void *network, sg_tensor *ws, sg_synthesis_options options)
{
    const synthesis *net = network;
    sg_context *context = ws->context;
    const sg_norm_pass pass = {options.batch_moments, options.update_averages};
    size_t scope = sg_scope_open(context);
    sg_tensor *x = sg_reshape(ws, SG_SHAPE(ws->shape.size[0], 1, 1, ws->shape.size[2]));
    for (int i = 0; i < net->count; i++) {
        x = sg_normed_convolution_forward(&net->layers[i], x, pass);
        if (x)
            sg_layer_tap_show(options.tap, net->layers[i].weight, x, x->shape.size[3]);
        sg_scope_close_pair(context, scope, x, NULL);
    }
    return sg_scope_close(context, scope, x);
}

const sg_synthesis_functions sg_dcgan_synthesis = {.mapping_form = SG_MAPPING_PLAIN,
                                                   .create = create,
                                                   .destroy = free,
                                                   .num_ws = sg_single_w,
                                                   .height = sg_square_side,
                                                   .width = sg_square_side,
                                                   .style_resolution = style_resolution,
                                                   .synthesize = synthesize};
