/*
 * The synthesis networks that grow: StyleGAN's (Karras et al. 2018, section 2) and ProGAN's (Karras
 * et al. 2017, section 2 and appendix A). Blocks double the size, and each has a layer that gives
 * colours. The current level of detail selects the block whose colours are the picture; between two
 * levels, the colours of two blocks are blended. The families differ in the origin of the first
 * features and in what a layer does after its activation.
 *
 * Weights start as published: standard normal with run-time equalisation, biases and noise
 * strengths zero, the constant one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "models/growing/growing.h"
#include "models/level.h"
#include "models/style_inputs.h"
#include "nn/growing_layer.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"

typedef struct block {
    sg_growing_layer layer0, layer1; /* layer0 of the first block does not convolve */
    sg_convolution_layer to_rgb;
} block;

typedef struct synthesis {
    const sg_generator_config *config;
    sg_parameter_set *parameters;
    sg_growing_filters filters;
    sg_tensor *lod;
    sg_tensor *constant; /* [C, 4, 4]; NULL if `dense` gives the first features */
    sg_linear dense;     /* from the first w to features [N, C * 4 * 4] */
    int block_count;
    block blocks[SG_MAX_GROWING_BLOCKS];
} synthesis;

/* Creates the layer `name` of the block at `level`; with 0 input channels it does not convolve. */
static sg_growing_layer create_layer(synthesis *net, const char *name, int level, int in, int up)
{
    const sg_generator_config *c = net->config;
    const int side = 4 << level;
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "synthesis.b%d.%s", side, name);
    sg_growing_layer_options options = {.in_channels = in,
                                        .out_channels =
                                            sg_channels_at(c->channel_base, c->channel_max, side),
                                        .height = side,
                                        .width = side,
                                        .up = up,
                                        .reversed = up > 1 && sg_growing_fuses(&c->growing, side),
                                        .use_noise = c->use_noise,
                                        .w_dim = c->family == SG_STYLEGAN1 ? c->w_dim : 0,
                                        .activation = c->activation,
                                        .epsilon = c->growing.norm_epsilon,
                                        .filter = net->filters.box,
                                        .blur = up > 1 ? net->filters.blur : NULL};
    return sg_growing_layer_create(net->parameters, path, options);
}

/* Creates the layer from w to the first features; the layer after it has their bias and activation.
 * The published gain is a quarter of the gain of other layers. */
static sg_linear create_dense(synthesis *net, int channels)
{
    const sg_generator_config *c = net->config;
    /* Families are told from another by the name of ProGAN's first layer. */
    const char *name = c->family == SG_PROGAN ? "dense" : "input";
    sg_linear dense = sg_linear_create(net->parameters, "synthesis.b4", name,
                                       (sg_linear_options){.in_features = c->w_dim,
                                                           .out_features = channels * 4 * 4,
                                                           .activation = SG_LINEAR,
                                                           .lr_multiplier = 1,
                                                           .no_bias = true});
    dense.weight_gain *= sg_activation_default_gain(c->activation) / 4;
    sg_parameter_set_gain(net->parameters, dense.weight, dense.weight_gain);
    return dense;
}

static void create_start(synthesis *net, block *b)
{
    const sg_generator_config *c = net->config;
    const int channels = sg_channels_at(c->channel_base, c->channel_max, 4);
    if (!c->growing.const_input)
        net->dense = create_dense(net, channels);
    else
        net->constant =
            sg_parameter_add(net->parameters, "synthesis.b4", "const", SG_SHAPE(channels, 4, 4),
                             true, (sg_initial){SG_INITIAL_CONSTANT, 1});
    b->layer0 = create_layer(net, c->family == SG_PROGAN ? "dense" : "layer0", 0, 0, 1);
}

static void create_block(synthesis *net, int level)
{
    const sg_generator_config *c = net->config;
    block *b = &net->blocks[level];
    char path[SG_PARAMETER_NAME_BYTES];
    const int out = sg_channels_at(c->channel_base, c->channel_max, 4 << level);
    if (level == 0)
        create_start(net, b);
    else
        b->layer0 = create_layer(net, "layer0", level,
                                 sg_channels_at(c->channel_base, c->channel_max, 2 << level), 2);
    b->layer1 = create_layer(net, "layer1", level, out, 1);
    snprintf(path, sizeof path, "synthesis.b%d.torgb", 4 << level);
    b->to_rgb =
        sg_convolution_layer_create(net->parameters, path,
                                    (sg_convolution_layer_options){.in_channels = out,
                                                                   .out_channels = c->img_channels,
                                                                   .kernel_size = 1,
                                                                   .up = 1,
                                                                   .down = 1,
                                                                   .bias = true,
                                                                   .activation = SG_LINEAR,
                                                                   .clamp = -1});
}

static void *create(sg_parameter_set *set, const sg_generator_config *config)
{
    synthesis *net = sg_context_allocate(set->context, sizeof *net, "a generator");
    if (!net)
        return NULL;
    net->config = config;
    net->parameters = set;
    net->block_count = sg_block_count(config->img_resolution);
    net->filters = sg_growing_filters_create(set, config->resample_filter, config->filter_taps);
    net->lod = sg_parameter_add(set, "synthesis", "lod", sg_shape_of(0, NULL), false, SG_ZEROS);
    for (int level = 0; level < net->block_count; level++)
        create_block(net, level);
    return net;
}

static void destroy(void *network)
{
    synthesis *net = network;
    if (!net)
        return;
    sg_growing_filters_release(&net->filters);
    free(net);
}

/* StyleGAN: an input for each layer. */
static int num_ws(const sg_generator_config *config)
{
    return 2 * sg_block_count(config->img_resolution);
}

static int style_resolution(const sg_generator_config *config, int index)
{
    (void)config;
    return 4 << index / 2;
}

/* Returns the features before the first layer, [N, 4, 4, C]. */
static sg_tensor *start(const synthesis *net, sg_tensor *ws, const sg_layer_tap *tap)
{
    const int64_t samples = ws->shape.size[0];
    if (net->constant) {
        sg_tensor *constant = sg_repeat_constant(net->constant, samples);
        sg_layer_tap_show(tap, net->constant, constant, net->constant->shape.size[0]);
        return constant;
    }
    sg_tensor *x = sg_linear_forward(&net->dense, sg_pick_style(ws, 0));
    return x ? sg_to_channels_last(sg_reshape(x, SG_SHAPE(samples, x->shape.size[1] / 16, 4, 4)))
             : NULL;
}

static sg_tensor *layer_forward(const sg_growing_layer *layer, sg_tensor *x, sg_tensor *ws,
                                int index, sg_synthesis_options options)
{
    options = sg_noise_options_of_layer(options, index, &layer->noise, ws->shape.size[0]);
    return sg_growing_layer_forward(layer, x, layer->has_style ? sg_pick_style(ws, index) : NULL,
                                    options);
}

static sg_tensor *block_forward(const synthesis *net, int level, sg_tensor *x, sg_tensor *ws,
                                sg_synthesis_options options)
{
    const block *b = &net->blocks[level];
    x = layer_forward(&b->layer0, level == 0 ? start(net, ws, options.tap) : x, ws, 2 * level,
                      options);
    return layer_forward(&b->layer1, x, ws, 2 * level + 1, options);
}

/* Returns the colours of the block at `top`, blended with those of the block before. */
static sg_tensor *colours(const synthesis *net, int top, double share, sg_tensor *x,
                          sg_tensor *before, const sg_layer_tap *tap)
{
    const sg_convolution_layer *to_rgb = &net->blocks[top].to_rgb;
    sg_tensor *picture = sg_convolution_layer_forward(to_rgb, x, 1);
    sg_layer_tap_show(tap, to_rgb->weight, picture, to_rgb->weight->shape.size[0]);
    if (share == 0)
        return picture;
    sg_tensor *smaller = sg_convolution_layer_forward(&net->blocks[top - 1].to_rgb, before, 1);
    return sg_growing_blend(picture, sg_enlarge_nearest(smaller, 2), share);
}

static sg_tensor *synthesize(void *network, sg_tensor *ws, sg_synthesis_options options)
{
    const synthesis *net = network;
    sg_context *context = ws->context;
    const sg_level level = sg_level_of(net->config->img_resolution, sg_tensor_value(net->lod, 0));
    const int top = net->block_count - 1 - level.halvings;
    size_t scope = sg_scope_open(context);
    sg_tensor *x = NULL;
    sg_tensor *before = NULL;
    for (int i = 0; i <= top && !context->error.status; i++) {
        before = i == top && level.share > 0 ? x : NULL;
        x = block_forward(net, i, x, ws, options);
        sg_scope_close_pair(context, scope, x, before);
    }
    sg_tensor *picture =
        context->error.status ? NULL : colours(net, top, level.share, x, before, options.tap);
    if (!options.current_resolution)
        picture = sg_enlarge_nearest(picture, 1 << level.halvings);
    return sg_scope_close(context, scope, picture);
}

#define FUNCTIONS(inputs)                                                                          \
    {                                                                                              \
        .mapping_form = SG_MAPPING_TOGETHER, .create = create, .destroy = destroy,                 \
        .num_ws = (inputs), .height = sg_square_side, .width = sg_square_side,                     \
        .style_resolution = style_resolution, .synthesize = synthesize                             \
    }

const sg_synthesis_functions sg_stylegan1_synthesis = FUNCTIONS(num_ws);
const sg_synthesis_functions sg_progan_synthesis = FUNCTIONS(sg_single_w);
