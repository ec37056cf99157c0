/*
 * The discriminators that grow: StyleGAN's (Karras et al. 2018) and ProGAN's (Karras et al. 2017,
 * section 2 and appendix A), which does not blur. Blocks halve the size; the picture enters through
 * the fromrgb layer of its size, and between two levels of detail, at half the size, also through
 * the next one. Minibatch standard deviation, one convolution and two linear layers follow.
 *
 * Labels choose one of StyleGAN's scores. ProGAN gives one score, and an output for each label that
 * estimates the class (Odena et al. 2016).
 */
#include <stdio.h>
#include <stdlib.h>

#include "models/growing/growing.h"
#include "models/level.h"
#include "nn/convolution_layer.h"
#include "nn/linear.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/minibatch_stddev.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"

typedef struct block {
    sg_convolution_layer from_rgb, conv0, conv1; /* the smallest block has no conv1 */
    bool pools; /* averages pixels after the activation instead of before the bias */
} block;

typedef struct discriminator {
    const sg_discriminator_config *config;
    sg_parameter_set *parameters;
    sg_growing_filters filters;
    sg_tensor *lod;
    int block_count;
    block blocks[SG_MAX_GROWING_BLOCKS]; /* the smallest first */
    sg_linear fc, out;
} discriminator;

static int channels_at(const discriminator *net, int resolution)
{
    return sg_channels_at(net->config->channel_base, net->config->channel_max, resolution);
}

/* Pictures up to this size are convolved directly: minibatch standard deviation and small scores
 * enlarge the rounding errors of Winograd's algorithm. Larger pictures would take too long. */
enum { DIRECT_SIZE = 16 };

/* Returns a convolution under "bSIDE.NAME". */
static sg_convolution_layer create_convolution(discriminator *net, int side, const char *name,
                                               int in, int out, int kernel, int down)
{
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "b%d.%s", side, name);
    return sg_convolution_layer_create(
        net->parameters, path,
        (sg_convolution_layer_options){.in_channels = in,
                                       .out_channels = out,
                                       .kernel_size = kernel,
                                       .up = 1,
                                       .down = down,
                                       .bias = true,
                                       .direct = side <= DIRECT_SIZE,
                                       .gain_in_weight = true,
                                       .activation = net->config->activation,
                                       .clamp = -1,
                                       .filter = down > 1 ? net->filters.box : NULL,
                                       .blur = down > 1 ? net->filters.blur : NULL});
}

static void create_block(discriminator *net, int level)
{
    const sg_discriminator_config *c = net->config;
    block *b = &net->blocks[level];
    const int side = 4 << level;
    const int wide = channels_at(net, side);
    b->from_rgb = create_convolution(net, side, "fromrgb", c->img_channels, wide, 1, 1);
    if (level == 0) {
        b->conv0 = create_convolution(net, side, "conv", wide + c->mbstd_num_channels, wide, 3, 1);
        return;
    }
    b->pools = c->family == SG_PROGAN && !sg_growing_fuses(&c->growing, side);
    b->conv0 = create_convolution(net, side, "conv0", wide, wide, 3, 1);
    b->conv1 = create_convolution(net, side, "conv1", wide, channels_at(net, side / 2), 3,
                                  b->pools ? 1 : 2);
}

static sg_linear create_linear(discriminator *net, const char *name, int in, int out,
                               sg_activation activation)
{
    return sg_linear_create(net->parameters, "b4", name,
                            (sg_linear_options){.in_features = in,
                                                .out_features = out,
                                                .activation = activation,
                                                .lr_multiplier = 1,
                                                .gain_in_weight = true});
}

/* ProGAN: the score, then one output for each label. StyleGAN: a score for each label. */
static int count_outputs(const sg_discriminator_config *c)
{
    return c->family == SG_PROGAN ? 1 + c->c_dim : c->c_dim > 0 ? c->c_dim : 1;
}

static void *create(sg_parameter_set *set, const sg_discriminator_config *config)
{
    discriminator *net = sg_context_allocate(set->context, sizeof *net, "a discriminator");
    if (!net)
        return NULL;
    net->config = config;
    net->parameters = set;
    net->block_count = sg_block_count(config->img_resolution);
    net->filters = sg_growing_filters_create(set, config->resample_filter, config->filter_taps);
    net->lod = sg_parameter_add(set, "", "lod", sg_shape_of(0, NULL), false, SG_ZEROS);
    for (int level = net->block_count - 1; level >= 0; level--)
        create_block(net, level);
    /* The number of channels doubles once more after the convolutions, up to channel_max. */
    const int features = channels_at(net, 2);
    net->fc = create_linear(net, "fc", channels_at(net, 4) * 4 * 4, features, config->activation);
    net->out = create_linear(net, "out", features, count_outputs(config), SG_LINEAR);
    return net;
}

static void destroy(void *network)
{
    discriminator *net = network;
    if (!net)
        return;
    sg_growing_filters_release(&net->filters);
    free(net);
}

/* Returns a block that halves the size. */
static sg_tensor *block_forward(const block *b, sg_tensor *x)
{
    x = sg_convolution_layer_forward(&b->conv0, x, 1);
    x = sg_convolution_layer_forward(&b->conv1, x, 1);
    return b->pools ? sg_reduce_box(x, 2) : x;
}

/* The linear layers take features in channels-first order, as files have them. */
static sg_tensor *epilogue_forward(const discriminator *net, sg_tensor *x)
{
    const sg_discriminator_config *c = net->config;
    if (c->mbstd_num_channels > 0)
        x = sg_minibatch_stddev(x, c->mbstd_group_size, c->mbstd_num_channels);
    x = sg_to_channels_first(sg_convolution_layer_forward(&net->blocks[0].conv0, x, 1));
    if (!x)
        return NULL;
    x = sg_reshape(x, SG_SHAPE(x->shape.size[0], sg_tensor_count(x) / x->shape.size[0]));
    return sg_linear_forward(&net->out, sg_linear_forward(&net->fc, x));
}

/* Returns the features of the blocks from the current level of detail down to 8x8; that of each
 * block goes to `maps` (NULL: nowhere). */
static sg_tensor *features(const discriminator *net, sg_tensor *pictures, size_t scope,
                           sg_feature_maps *maps)
{
    const sg_level level = sg_level_of(net->config->img_resolution, sg_tensor_value(net->lod, 0));
    const int top = net->block_count - 1 - level.halvings;
    const int factor = (int)(pictures->shape.size[1] / (4 << top));
    sg_tensor *picture = sg_reduce_box(pictures, factor);
    sg_tensor *x = sg_convolution_layer_forward(&net->blocks[top].from_rgb, picture, 1);
    for (int i = top; i > 0; i--) {
        x = block_forward(&net->blocks[i], x);
        if (i == top && level.share > 0) {
            sg_tensor *smaller = sg_convolution_layer_forward(&net->blocks[i - 1].from_rgb,
                                                              sg_reduce_box(picture, 2), 1);
            x = sg_growing_blend(x, smaller, level.share);
        }
        if (maps)
            sg_feature_maps_add(maps, x);
        sg_scope_close_pair(net->parameters->context, scope, x, NULL);
    }
    return x;
}

/* Returns the score of each sample among its outputs. */
static sg_tensor *pick_score(const discriminator *net, sg_tensor *outputs, sg_tensor *c)
{
    if (!outputs || net->config->c_dim == 0)
        return outputs;
    if (net->config->family == SG_PROGAN)
        return sg_slice(outputs, 1, 0, 1);
    if (!c)
        return sg_context_fail(outputs->context, SG_ERROR_ARGUMENT,
                               "the discriminator needs labels");
    return sg_sum_product(outputs, c, SG_SHAPE(outputs->shape.size[0], 1));
}

static sg_tensor *score(void *network, sg_tensor *pictures, sg_tensor *c)
{
    const discriminator *net = network;
    sg_context *context = net->parameters->context;
    size_t scope = sg_scope_open(context);
    sg_tensor *x = pick_score(net, epilogue_forward(net, features(net, pictures, scope, NULL)), c);
    return sg_scope_close(context, scope, context->error.status ? NULL : x);
}

static void maps_of(void *network, sg_tensor *pictures, sg_feature_maps *maps)
{
    const discriminator *net = network;
    features(net, pictures, sg_scope_open(net->parameters->context), maps);
}

const sg_discriminator_functions sg_growing_discriminator = {
    .create = create, .destroy = destroy, .score = score, .maps = maps_of};
