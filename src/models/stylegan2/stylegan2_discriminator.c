/*
 * StyleGAN2's discriminator (Karras et al. 2020, figure 7): blocks that halve the size, residual by
 * default, then minibatch standard deviation, one convolution and two linear layers. Labels enter
 * by projection on a mapped embedding (Miyato and Koyama 2018). A classifier has the same body with
 * one output for each class or attribute.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/discriminator.h"
#include "models/stylegan2/stylegan2.h"
#include "nn/convolution_layer.h"
#include "nn/mapping.h"
#include "nn/resample_filter.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/minibatch_stddev.h"
#include "ops/reduce.h"
#include "ops/upfirdn.h"

enum { MAX_BLOCKS = 16 };

typedef struct block {
    bool has_from_rgb, downsamples_picture, residual;
    sg_tensor *filter;
    sg_convolution_layer from_rgb, conv0, conv1, skip;
} block;

/* The last block, at the base size. */
typedef struct epilogue {
    bool has_from_rgb;
    sg_convolution_layer from_rgb, conv;
    sg_linear fc, out;
} epilogue;

typedef struct discriminator {
    const sg_discriminator_config *config;
    sg_parameter_set *parameters;
    int block_count, cmap_dim;
    block blocks[MAX_BLOCKS]; /* the largest first */
    epilogue epilogue;
    sg_mapping mapping; /* of labels, if there are labels */
} discriminator;

/* Creates the convolution "PREFIX.NAME" with the settings that all share. */
static sg_convolution_layer create_convolution(discriminator *net, const char *prefix,
                                               const char *name, int in, int out, int kernel,
                                               int down, bool shortcut)
{
    const sg_discriminator_config *c = net->config;
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "%s.%s", prefix, name);
    sg_convolution_layer_options options = {.in_channels = in,
                                            .out_channels = out,
                                            .kernel_size = kernel,
                                            .up = 1,
                                            .down = down,
                                            .bias = !shortcut,
                                            .activation = shortcut ? SG_LINEAR : c->activation,
                                            .clamp = shortcut ? -1 : c->conv_clamp,
                                            .taps = c->resample_filter,
                                            .tap_count = c->filter_taps};
    return sg_convolution_layer_create(net->parameters, path, options);
}

static int channels_at(const discriminator *net, int resolution)
{
    return SG_CHANNELS_AT(net->config, resolution);
}

static void create_block(discriminator *net, int index, int resolution)
{
    const sg_discriminator_config *c = net->config;
    block *b = &net->blocks[index];
    char prefix[32];
    int wide = channels_at(net, resolution);
    int out = channels_at(net, resolution / 2);
    snprintf(prefix, sizeof prefix, "b%d", resolution);
    b->has_from_rgb = index == 0 || c->architecture == SG_ARCHITECTURE_SKIP;
    b->downsamples_picture = c->architecture == SG_ARCHITECTURE_SKIP;
    b->residual = c->architecture == SG_ARCHITECTURE_RESNET;
    b->filter =
        sg_resample_filter_create(net->parameters, prefix, c->resample_filter, c->filter_taps);
    if (b->has_from_rgb)
        b->from_rgb =
            create_convolution(net, prefix, "fromrgb", c->img_channels, wide, 1, 1, false);
    b->conv0 = create_convolution(net, prefix, "conv0", wide, wide, 3, 1, false);
    b->conv1 = create_convolution(net, prefix, "conv1", wide, out, 3, 2, false);
    if (b->residual)
        b->skip = create_convolution(net, prefix, "skip", wide, out, 1, 2, true);
}

static sg_linear create_linear(discriminator *net, const char *name, int in, int out,
                               sg_activation activation)
{
    return sg_linear_create(
        net->parameters, "b4", name,
        (sg_linear_options){
            .in_features = in, .out_features = out, .activation = activation, .lr_multiplier = 1});
}

static void create_epilogue(discriminator *net)
{
    const sg_discriminator_config *c = net->config;
    epilogue *e = &net->epilogue;
    int channels = channels_at(net, 4);
    int scores = net->cmap_dim ? net->cmap_dim : 1;
    if (c->output != SG_OUTPUT_SCORE)
        scores = c->c_dim;
    e->has_from_rgb = c->architecture == SG_ARCHITECTURE_SKIP;
    if (e->has_from_rgb)
        e->from_rgb =
            create_convolution(net, "b4", "fromrgb", c->img_channels, channels, 1, 1, false);
    e->conv = create_convolution(net, "b4", "conv", channels + c->mbstd_num_channels, channels, 3,
                                 1, false);
    e->fc = create_linear(net, "fc", channels * c->base_height * c->base_width, channels,
                          c->activation);
    e->out = create_linear(net, "out", channels, scores, SG_LINEAR);
}

static void create_networks(discriminator *net)
{
    const sg_discriminator_config *c = net->config;
    if (c->c_dim > 0 && c->output == SG_OUTPUT_SCORE)
        net->cmap_dim = c->cmap_dim >= 0 ? c->cmap_dim : channels_at(net, 4);
    for (int resolution = c->img_resolution; resolution > 4; resolution /= 2)
        create_block(net, net->block_count++, resolution);
    if (net->cmap_dim)
        net->mapping = sg_label_mapping_create(net->parameters, c, net->cmap_dim);
    create_epilogue(net);
}

static void *create(sg_parameter_set *set, const sg_discriminator_config *config)
{
    discriminator *net = sg_context_allocate(set->context, sizeof *net, "a discriminator");
    if (!net)
        return NULL;
    net->config = config;
    net->parameters = set;
    create_networks(net);
    return net;
}

/* Adds the features of the picture at this size to those of the block before (NULL: none). */
static sg_tensor *join_picture(const sg_convolution_layer *from_rgb, sg_tensor *x,
                               sg_tensor *picture)
{
    sg_tensor *y = sg_convolution_layer_forward(from_rgb, picture, 1);
    return x ? sg_add(x, y) : y;
}

static sg_tensor *block_forward(const block *b, sg_tensor *x, sg_tensor *picture)
{
    if (b->has_from_rgb)
        x = join_picture(&b->from_rgb, x, picture);
    double gain = b->residual ? sqrt(0.5) : 1;
    sg_tensor *shortcut = b->residual ? sg_convolution_layer_forward(&b->skip, x, gain) : NULL;
    x = sg_convolution_layer_forward(&b->conv0, x, 1);
    x = sg_convolution_layer_forward(&b->conv1, x, gain);
    return b->residual ? sg_add(shortcut, x) : x;
}

/* The linear layers take features in channels-first order, as files have them. */
static sg_tensor *epilogue_features(const discriminator *net, sg_tensor *x, sg_tensor *picture)
{
    const epilogue *e = &net->epilogue;
    const sg_discriminator_config *c = net->config;
    if (e->has_from_rgb)
        x = join_picture(&e->from_rgb, x, picture);
    if (c->mbstd_num_channels > 0)
        x = sg_minibatch_stddev(x, c->mbstd_group_size, c->mbstd_num_channels);
    x = sg_to_channels_first(sg_convolution_layer_forward(&e->conv, x, 1));
    if (!x)
        return NULL;
    x = sg_reshape(x, SG_SHAPE(x->shape.size[0], sg_tensor_count(x) / x->shape.size[0]));
    return sg_linear_forward(&e->fc, x);
}

/* score = <features, mapped label> / sqrt(width). */
static sg_tensor *project(const discriminator *net, sg_tensor *features, sg_tensor *c)
{
    sg_tensor *label = sg_mapping_forward(&net->mapping, NULL, c);
    if (!features)
        return NULL;
    sg_tensor *score = sg_sum_product(features, label, SG_SHAPE(features->shape.size[0], 1));
    return sg_affine(score, 1 / sqrt(net->cmap_dim), 0);
}

/* Computes the blocks before the last, whose results go to `maps` (NULL: nowhere); *picture gets
 * the reduced picture that the last one takes. Other tensors since `scope` are released. */
static sg_tensor *body_forward(const discriminator *net, sg_tensor *pictures, size_t scope,
                               sg_feature_maps *maps, sg_tensor **picture)
{
    sg_tensor *x = NULL;
    *picture = pictures;
    for (int i = 0; i < net->block_count; i++) {
        const block *b = &net->blocks[i];
        x = block_forward(b, x, *picture);
        if (b->downsamples_picture)
            *picture = sg_upfirdn(*picture, b->filter, sg_downsample_options(&b->filter->shape, 2));
        if (maps)
            sg_feature_maps_add(maps, x);
        sg_scope_close_pair(net->parameters->context, scope, x,
                            *picture == pictures ? NULL : *picture);
    }
    return x;
}

/* Returns what the last linear layer takes, [N, channels at 4x4]. */
static sg_tensor *features(void *network, sg_tensor *pictures)
{
    const discriminator *net = network;
    sg_context *context = net->parameters->context;
    size_t scope = sg_scope_open(context);
    sg_tensor *picture = NULL;
    sg_tensor *x = body_forward(net, pictures, scope, NULL, &picture);
    x = epilogue_features(net, x, picture);
    return sg_scope_close(context, scope, context->error.status ? NULL : x);
}

static void maps_of(void *network, sg_tensor *pictures, sg_feature_maps *maps)
{
    const discriminator *net = network;
    sg_tensor *picture = NULL;
    body_forward(net, pictures, sg_scope_open(net->parameters->context), maps, &picture);
}

static sg_tensor *score(void *network, sg_tensor *pictures, sg_tensor *c)
{
    const discriminator *net = network;
    sg_context *context = net->parameters->context;
    size_t scope = sg_scope_open(context);
    sg_tensor *x = sg_linear_forward(&net->epilogue.out, features(network, pictures));
    if (net->cmap_dim)
        x = project(net, x, c);
    return sg_scope_close(context, scope, context->error.status ? NULL : x);
}

const sg_discriminator_functions sg_stylegan2_discriminator = {
    .create = create, .destroy = free, .score = score, .features = features, .maps = maps_of};
