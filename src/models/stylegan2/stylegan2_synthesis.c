/*
 * StyleGAN2's synthesis network (Karras et al. 2020, section 2 and figure 7): blocks that double
 * the size, joined by skip connections of colours (`skip`), by residual shortcuts (`resnet`), or
 * not at all (`orig`).
 *
 * Weights start as published: everything standard normal with run-time equalisation, biases zero,
 * styles at one, noise strengths zero, the constant standard normal.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/level.h"
#include "models/style_inputs.h"
#include "models/stylegan2/stylegan2.h"
#include "nn/convolution_layer.h"
#include "nn/resample_filter.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "ops/upfirdn.h"

enum { MAX_BLOCKS = 16 };

typedef struct block {
    bool first, has_to_rgb, residual;
    sg_tensor *constant; /* [C, h, w], of the first block */
    sg_tensor *filter;   /* upsamples the colours */
    sg_synthesis_layer conv0, conv1;
    sg_to_rgb_layer to_rgb;
    sg_convolution_layer skip;
} block;

typedef struct synthesis {
    const sg_generator_config *config;
    sg_parameter_set *parameters;
    int block_count;
    block blocks[MAX_BLOCKS];
} synthesis;

/* Creates the layer "PREFIX.NAME" of a block. */
static sg_synthesis_layer create_layer(synthesis *net, const char *prefix, const char *name,
                                       int level, int in, int out, int up)
{
    const sg_generator_config *c = net->config;
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "%s.%s", prefix, name);
    sg_synthesis_layer_options options = {.in_channels = in,
                                          .out_channels = out,
                                          .kernel_size = 3,
                                          .w_dim = c->w_dim,
                                          .height = c->base_height << level,
                                          .width = c->base_width << level,
                                          .up = up,
                                          .use_noise = c->use_noise,
                                          .activation = c->activation,
                                          .clamp = c->conv_clamp,
                                          .taps = c->resample_filter,
                                          .tap_count = c->filter_taps};
    return sg_synthesis_layer_create(net->parameters, path, options);
}

static sg_convolution_layer create_skip(synthesis *net, const char *prefix, int in, int out)
{
    const sg_generator_config *c = net->config;
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "%s.skip", prefix);
    return sg_convolution_layer_create(net->parameters, path,
                                       (sg_convolution_layer_options){
                                           .in_channels = in,
                                           .out_channels = out,
                                           .kernel_size = 1,
                                           .up = 2,
                                           .down = 1,
                                           .reversed = true,
                                           .activation = SG_LINEAR,
                                           .clamp = -1,
                                           .taps = c->resample_filter,
                                           .tap_count = c->filter_taps,
                                       });
}

static void create_block(synthesis *net, int level)
{
    const sg_generator_config *c = net->config;
    sg_parameter_set *set = net->parameters;
    block *b = &net->blocks[level];
    char prefix[32];
    char path[SG_PARAMETER_NAME_BYTES];
    bool last = level == net->block_count - 1;
    int out = SG_CHANNELS_AT(c, 4 << level);
    int in = level ? SG_CHANNELS_AT(c, 2 << level) : 0;
    snprintf(prefix, sizeof prefix, "synthesis.b%d", 4 << level);
    b->first = level == 0;
    b->residual = !b->first && c->architecture == SG_ARCHITECTURE_RESNET;
    b->has_to_rgb = last || c->architecture == SG_ARCHITECTURE_SKIP;
    if (b->first)
        b->constant =
            sg_parameter_add(set, prefix, "const", SG_SHAPE(out, c->base_height, c->base_width),
                             true, SG_STANDARD_NORMAL);
    b->filter = sg_resample_filter_create(set, prefix, c->resample_filter, c->filter_taps);
    if (!b->first)
        b->conv0 = create_layer(net, prefix, "conv0", level, in, out, 2);
    b->conv1 = create_layer(net, prefix, "conv1", level, out, out, 1);
    if (b->has_to_rgb) {
        snprintf(path, sizeof path, "%s.torgb", prefix);
        b->to_rgb =
            sg_to_rgb_layer_create(set, path, out, c->img_channels, c->w_dim, c->conv_clamp);
    }
    if (b->residual)
        b->skip = create_skip(net, prefix, in, out);
}

static void *create(sg_parameter_set *set, const sg_generator_config *config)
{
    synthesis *net = sg_context_allocate(set->context, sizeof *net, "a generator");
    if (!net)
        return NULL;
    net->parameters = set;
    net->config = config;
    net->block_count = sg_block_count(config->img_resolution);
    for (int level = 0; level < net->block_count; level++)
        create_block(net, level);
    return net;
}

/* One input for the first block, two for each other block, one for the colours of the last. */
static int num_ws(const sg_generator_config *config)
{
    return 2 * sg_block_count(config->img_resolution);
}

/* All blocks except the first have two convolutions; the last input is for the last colours. */
static int style_resolution(const sg_generator_config *config, int index)
{
    const int level = (index + 1) / 2;
    const int blocks = sg_block_count(config->img_resolution);
    return 4 << (level < blocks ? level : blocks - 1);
}

static int height(const sg_generator_config *config)
{
    return config->base_height << (sg_block_count(config->img_resolution) - 1);
}

static int width(const sg_generator_config *config)
{
    return config->base_width << (sg_block_count(config->img_resolution) - 1);
}

/*
 * Memory for features when the tape is off: the two convolutions of a block take turns, so a
 * picture needs no more memory than its two largest layers.
 */
typedef struct feature_memory {
    sg_storage *conv0, *conv1;
} feature_memory;

/* What one block hands to the next: features and the picture so far. */
typedef struct block_state {
    sg_tensor *x, *picture;
} block_state;

/* Returns the bytes of a block's features. */
static size_t feature_bytes(const block *b, int64_t samples)
{
    const sg_synthesis_layer *layer = &b->conv1;
    return (size_t)(samples * layer->height * layer->width * layer->weight->shape.size[0]) *
           sizeof(float);
}

/* True if only its colours need the result of the block's second convolution. */
static bool only_colours_needed(const synthesis *net, int level)
{
    return level == net->block_count - 1 && !net->blocks[level].residual;
}

static feature_memory reserve_features(const synthesis *net, int64_t samples)
{
    feature_memory memory = {NULL, NULL};
    size_t conv0 = 0;
    size_t conv1 = 0;
    if (net->parameters->context->recording || net->parameters->dtype != SG_F32)
        return memory;
    for (int level = 0; level < net->block_count; level++) {
        size_t bytes = feature_bytes(&net->blocks[level], samples);
        if (level > 0 && bytes > conv0)
            conv0 = bytes;
        if (!only_colours_needed(net, level) && bytes > conv1)
            conv1 = bytes;
    }
    memory.conv0 = sg_storage_create(net->parameters->context, conv0);
    memory.conv1 = sg_storage_create(net->parameters->context, conv1);
    return memory;
}

static void release_features(feature_memory memory)
{
    sg_storage_release(memory.conv0);
    sg_storage_release(memory.conv1);
}

/* Returns the result of a block's first convolution, in the first block the constant. */
static sg_tensor *block_start(const block *b, sg_tensor *x, sg_tensor *ws, int at,
                              sg_synthesis_options options)
{
    if (b->first) {
        sg_tensor *constant = sg_repeat_constant(b->constant, ws->shape.size[0]);
        sg_layer_tap_show(options.tap, b->constant, constant, b->constant->shape.size[0]);
        return constant;
    }
    options = sg_noise_options_of_layer(options, at, &b->conv0.noise, ws->shape.size[0]);
    return sg_synthesis_layer_forward(&b->conv0, x, sg_pick_style(ws, at), 1, options);
}

/*
 * Runs a block whose first input is `at`. Its colours and the first convolution of the next block
 * have the same input.
 */
static block_state block_forward(const synthesis *net, int level, block_state state, sg_tensor *ws,
                                 int at, const feature_memory *memory, sg_synthesis_options options)
{
    const block *b = &net->blocks[level];
    int conv1_at = b->first ? at : at + 1;
    double gain = b->residual ? sqrt(0.5) : 1;
    sg_tensor *colours = NULL;
    sg_tensor *shortcut =
        b->residual ? sg_convolution_layer_forward(&b->skip, state.x, gain) : NULL;
    if (shortcut)
        sg_layer_tap_show(options.tap, b->skip.weight, shortcut, b->skip.weight->shape.size[0]);
    options.result = memory->conv0;
    sg_tensor *x = block_start(b, state.x, ws, at, options);
    options.result = memory->conv1;
    options = sg_noise_options_of_layer(options, conv1_at, &b->conv1.noise, ws->shape.size[0]);
    if (only_colours_needed(net, level)) {
        colours = sg_synthesis_layer_to_rgb(&b->conv1, &b->to_rgb, x, sg_pick_style(ws, conv1_at),
                                            sg_pick_style(ws, conv1_at + 1), options);
        x = NULL;
    } else {
        x = sg_synthesis_layer_forward(&b->conv1, x, sg_pick_style(ws, conv1_at), gain, options);
        x = b->residual ? sg_add(shortcut, x) : x;
        if (b->has_to_rgb)
            colours = sg_to_rgb_layer_forward(&b->to_rgb, x, sg_pick_style(ws, conv1_at + 1),
                                              options.tap);
    }
    if (state.picture) {
        sg_upfirdn_options twice = sg_upsample_options(&b->filter->shape, 2);
        state.picture = sg_upfirdn(state.picture, b->filter, twice);
        bool ours = !state.picture || !state.picture->context->recording;
        colours = colours ? sg_accumulate(state.picture, colours, ours) : state.picture;
    }
    return (block_state){x, colours};
}

static sg_tensor *synthesize(void *network, sg_tensor *ws, sg_synthesis_options options)
{
    const synthesis *net = network;
    sg_context *context = ws->context;
    size_t scope = sg_scope_open(context);
    int64_t samples = ws->shape.size[0];
    feature_memory memory = reserve_features(net, samples);
    block_state state = {NULL, NULL};
    int at = 0;
    for (int i = 0; i < net->block_count && !context->error.status; i++) {
        const block *b = &net->blocks[i];
        state = block_forward(net, i, state, ws, at, &memory, options);
        at += b->first ? 1 : 2;
        sg_scope_close_pair(context, scope, state.x, state.picture);
    }
    release_features(memory);
    return sg_scope_close(context, scope, context->error.status ? NULL : state.picture);
}

const sg_synthesis_functions sg_stylegan2_synthesis = {.create = create,
                                                       .destroy = free,
                                                       .num_ws = num_ws,
                                                       .height = height,
                                                       .width = width,
                                                       .style_resolution = style_resolution,
                                                       .synthesize = synthesize};
