/*
 * StyleGAN2's generator (Karras et al. 2020, section 2 and figure 7): a mapping network and a
 * synthesis network of blocks that double the size, joined by skip connections of colours
 * (`skip`), by residual shortcuts (`resnet`), or not at all (`orig`).
 *
 * Weights start as published: everything standard normal with run-time equalisation, biases zero,
 * styles at one, noise strengths zero, the constant standard normal.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "models/config_json.h"
#include "models/generator.h"
#include "nn/convolution_layer.h"
#include "nn/mapping.h"
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

struct sg_generator {
    sg_context *context;
    sg_generator_config config;
    sg_parameter_set parameters;
    sg_mapping mapping;
    int block_count;
    block blocks[MAX_BLOCKS];
};

/* Blocks from 4 to img_resolution. */
static int count_blocks(int resolution)
{
    int count = 1;
    while (4 << (count - 1) < resolution)
        count++;
    return count;
}

/* A block's layer under "PREFIX.NAME". */
static sg_synthesis_layer create_layer(sg_generator *generator, const char *prefix,
                                       const char *name, int level, int in, int out, int up)
{
    const sg_generator_config *c = &generator->config;
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
    return sg_synthesis_layer_create(&generator->parameters, path, options);
}

static sg_convolution_layer create_skip(sg_generator *generator, const char *prefix, int in,
                                        int out)
{
    const sg_generator_config *c = &generator->config;
    char path[SG_PARAMETER_NAME_BYTES];
    snprintf(path, sizeof path, "%s.skip", prefix);
    return sg_convolution_layer_create(&generator->parameters, path,
                                       (sg_convolution_layer_options){
                                           .in_channels = in,
                                           .out_channels = out,
                                           .kernel_size = 1,
                                           .up = 2,
                                           .down = 1,
                                           .activation = SG_LINEAR,
                                           .clamp = -1,
                                           .taps = c->resample_filter,
                                           .tap_count = c->filter_taps,
                                       });
}

static void create_block(sg_generator *generator, int level)
{
    const sg_generator_config *c = &generator->config;
    sg_parameter_set *set = &generator->parameters;
    block *b = &generator->blocks[level];
    char prefix[32];
    char path[SG_PARAMETER_NAME_BYTES];
    bool last = level == generator->block_count - 1;
    int out = sg_channels_at(c->channel_base, c->channel_max, 4 << level);
    int in = level ? sg_channels_at(c->channel_base, c->channel_max, 2 << level) : 0;
    snprintf(prefix, sizeof prefix, "synthesis.b%d", 4 << level);
    b->first = level == 0;
    b->residual = !b->first && c->architecture == SG_ARCHITECTURE_RESNET;
    b->has_to_rgb = last || c->architecture == SG_ARCHITECTURE_SKIP;
    if (b->first)
        b->constant =
            sg_parameter_add(set, prefix, "const", SG_SHAPE(out, c->base_height, c->base_width),
                             true, (sg_initial){SG_INITIAL_NORMAL, 1});
    b->filter = sg_resample_filter_create(set, prefix, c->resample_filter, c->filter_taps);
    if (!b->first)
        b->conv0 = create_layer(generator, prefix, "conv0", level, in, out, 2);
    b->conv1 = create_layer(generator, prefix, "conv1", level, out, out, 1);
    if (b->has_to_rgb) {
        snprintf(path, sizeof path, "%s.torgb", prefix);
        b->to_rgb =
            sg_to_rgb_layer_create(set, path, out, c->img_channels, c->w_dim, c->conv_clamp);
    }
    if (b->residual)
        b->skip = create_skip(generator, prefix, in, out);
}

static void create_mapping(sg_generator *generator)
{
    const sg_generator_config *c = &generator->config;
    const sg_mapping_config *m = &c->mapping;
    sg_mapping_options options = {
        .z_dim = c->z_dim,
        .c_dim = c->c_dim,
        .w_dim = c->w_dim,
        .num_layers = m->num_layers,
        .embed_features = m->embed_features < 0 ? c->w_dim : m->embed_features,
        .layer_features = m->layer_features < 0 ? c->w_dim : m->layer_features,
        .activation = m->activation,
        .lr_multiplier = m->lr_multiplier,
        .track_average = true};
    generator->mapping = sg_mapping_create(&generator->parameters, "mapping", options);
}

sg_generator *sg_generator_create(sg_context *context, const sg_generator_config *config,
                                  sg_dtype dtype, uint64_t seed)
{
    sg_error error = {0};
    if (sg_generator_config_check(config, &error)) {
        sg_context_fail(context, error.status, "%s", error.message);
        return NULL;
    }
    sg_generator *generator = sg_allocate(1, sizeof *generator);
    if (!generator) {
        sg_context_fail(context, SG_ERROR_MEMORY, "out of memory for a generator");
        return NULL;
    }
    generator->context = context;
    generator->config = *config;
    generator->block_count = count_blocks(config->img_resolution);
    sg_parameter_set_init(&generator->parameters, context, dtype, seed);
    for (int level = 0; level < generator->block_count; level++)
        create_block(generator, level);
    create_mapping(generator);
    if (context->error.status) {
        sg_generator_destroy(generator);
        return NULL;
    }
    return generator;
}

void sg_generator_destroy(sg_generator *generator)
{
    if (!generator)
        return;
    sg_parameter_set_clear(&generator->parameters);
    free(generator);
}

const sg_generator_config *sg_generator_config_of(const sg_generator *generator)
{
    return &generator->config;
}

sg_parameter_set *sg_generator_parameters(sg_generator *generator)
{
    return &generator->parameters;
}

/* One for the first block, two for each other, and one for the last block's colours. */
int sg_generator_num_ws(const sg_generator *generator)
{
    return 2 * generator->block_count;
}

/* Blocks but the first have two convolutions; the last input is that of the last block's colours.
 */
int sg_generator_style_resolution(const sg_generator *generator, int index)
{
    const int level = (index + 1) / 2;
    return 4 << (level < generator->block_count ? level : generator->block_count - 1);
}

int sg_generator_height(const sg_generator *generator)
{
    return generator->config.base_height << (generator->block_count - 1);
}

int sg_generator_width(const sg_generator *generator)
{
    return generator->config.base_width << (generator->block_count - 1);
}

sg_tensor *sg_generator_map(sg_generator *generator, sg_tensor *z, sg_tensor *c)
{
    return sg_mapping_forward(&generator->mapping, z, c);
}

sg_tensor *sg_generator_broadcast(sg_generator *generator, sg_tensor *w)
{
    if (!w)
        return NULL;
    int64_t samples = w->shape.size[0];
    int64_t width = w->shape.size[1];
    size_t scope = sg_scope_open(w->context);
    sg_tensor *ws = sg_broadcast(sg_reshape(w, SG_SHAPE(samples, 1, width)),
                                 SG_SHAPE(samples, sg_generator_num_ws(generator), width));
    return sg_scope_close(w->context, scope, ws);
}

sg_tensor *sg_generator_truncate_towards(sg_generator *generator, sg_tensor *ws, sg_tensor *center,
                                         double psi, int cutoff)
{
    int num_ws = sg_generator_num_ws(generator);
    int truncated = cutoff < 0 || cutoff > num_ws ? num_ws : cutoff;
    if (!ws || psi == 1 || truncated == 0)
        return ws;
    size_t scope = sg_scope_open(ws->context);
    sg_tensor *middle = center ? sg_slice(center, 1, 0, truncated) : generator->mapping.w_avg;
    sg_tensor *head = sg_slice(ws, 1, 0, truncated);
    head = sg_add(sg_affine(sg_subtract(head, middle), psi, 0), middle);
    if (truncated < num_ws)
        head = sg_concatenate(head, sg_slice(ws, 1, truncated, num_ws - truncated), 1);
    return sg_scope_close(ws->context, scope, head);
}

sg_tensor *sg_generator_truncate(sg_generator *generator, sg_tensor *w, double psi, int cutoff)
{
    return sg_generator_truncate_towards(generator, sg_generator_broadcast(generator, w), NULL, psi,
                                         cutoff);
}

void sg_generator_track_average(sg_generator *generator, const sg_tensor *w)
{
    sg_tensor *average = generator->mapping.w_avg;
    double beta = generator->config.mapping.w_avg_beta;
    int64_t samples = w->shape.size[0];
    int64_t width = w->shape.size[1];
    for (int64_t i = 0; i < width; i++) {
        double mean = 0;
        for (int64_t n = 0; n < samples; n++)
            mean += sg_tensor_value(w, n * width + i);
        mean /= (double)samples;
        sg_tensor_set_value(average, i, mean + (sg_tensor_value(average, i) - mean) * beta);
    }
    sg_tensor_touch(average);
}

/* The w of input `index`, [N, w_dim]. */
static sg_tensor *pick_w(sg_tensor *ws, int index)
{
    if (!ws)
        return NULL;
    return sg_reshape(sg_slice(ws, 1, index, 1), SG_SHAPE(ws->shape.size[0], ws->shape.size[2]));
}

/* The learned constant for every sample, [N, h, w, C]. */
static sg_tensor *repeat_constant(sg_tensor *constant, int64_t samples)
{
    const int64_t *s = constant->shape.size;
    sg_tensor *one = sg_permute(constant, (int[]){1, 2, 0});
    return sg_broadcast(sg_reshape(one, SG_SHAPE(1, s[1], s[2], s[0])),
                        SG_SHAPE(samples, s[1], s[2], s[0]));
}

/*
 * Where features go when the tape is off: the two convolutions of a block take turns, so that a
 * picture needs no more memory than its largest two layers.
 */
typedef struct feature_memory {
    sg_storage *conv0, *conv1;
} feature_memory;

/* The features go in and out of a block with the picture so far. */
typedef struct block_state {
    sg_tensor *x, *picture;
} block_state;

/* Bytes of a block's features. */
static size_t feature_bytes(const block *b, int64_t samples)
{
    const sg_synthesis_layer *layer = &b->conv1;
    return (size_t)(samples * layer->height * layer->width * layer->weight->shape.size[0]) *
           sizeof(float);
}

/* Whether nobody but its colours needs the result of the block's second convolution. */
static bool only_colours_needed(const sg_generator *generator, int level)
{
    return level == generator->block_count - 1 && !generator->blocks[level].residual;
}

static feature_memory reserve_features(const sg_generator *generator, int64_t samples)
{
    feature_memory memory = {NULL, NULL};
    size_t conv0 = 0;
    size_t conv1 = 0;
    if (generator->context->recording || generator->parameters.dtype != SG_F32)
        return memory;
    for (int level = 0; level < generator->block_count; level++) {
        size_t bytes = feature_bytes(&generator->blocks[level], samples);
        if (level > 0 && bytes > conv0)
            conv0 = bytes;
        if (!only_colours_needed(generator, level) && bytes > conv1)
            conv1 = bytes;
    }
    memory.conv0 = sg_storage_create(generator->context, conv0);
    memory.conv1 = sg_storage_create(generator->context, conv1);
    return memory;
}

static void release_features(feature_memory memory)
{
    sg_storage_release(memory.conv0);
    sg_storage_release(memory.conv1);
}

/* A block's first convolution, or the constant that the first block has in its place. */
static sg_tensor *block_start(const block *b, sg_tensor *x, sg_tensor *ws, int at,
                              sg_synthesis_options options)
{
    if (b->first)
        return repeat_constant(b->constant, ws->shape.size[0]);
    return sg_synthesis_layer_forward(&b->conv0, x, pick_w(ws, at), 1, options);
}

/*
 * A block: `at` is its first input's index. The colours share the input of the next block's first
 * convolution, which they come before.
 */
static block_state block_forward(const sg_generator *generator, int level, block_state state,
                                 sg_tensor *ws, int at, const feature_memory *memory,
                                 sg_synthesis_options options)
{
    const block *b = &generator->blocks[level];
    int conv1_at = b->first ? at : at + 1;
    double gain = b->residual ? sqrt(0.5) : 1;
    sg_tensor *colours = NULL;
    sg_tensor *shortcut =
        b->residual ? sg_convolution_layer_forward(&b->skip, state.x, gain) : NULL;
    options.result = memory->conv0;
    sg_tensor *x = block_start(b, state.x, ws, at, options);
    options.result = memory->conv1;
    if (only_colours_needed(generator, level)) {
        colours = sg_synthesis_layer_to_rgb(&b->conv1, &b->to_rgb, x, pick_w(ws, conv1_at),
                                            pick_w(ws, conv1_at + 1), options);
        x = NULL;
    } else {
        x = sg_synthesis_layer_forward(&b->conv1, x, pick_w(ws, conv1_at), gain, options);
        x = b->residual ? sg_add(shortcut, x) : x;
        if (b->has_to_rgb)
            colours = sg_to_rgb_layer_forward(&b->to_rgb, x, pick_w(ws, conv1_at + 1));
    }
    if (state.picture) {
        sg_upfirdn_options twice = sg_upsample_options(&b->filter->shape, 2);
        state.picture = sg_upfirdn(state.picture, b->filter, twice);
        bool ours = !generator->context->recording;
        colours = colours ? sg_accumulate(state.picture, colours, ours) : state.picture;
    }
    return (block_state){x, colours};
}

/*
 * The options for one block. A block without noise draws none, but skips its random numbers, so
 * that a layer's noise does not depend on which others have some.
 */
static sg_synthesis_options block_options(const block *b, int level, int64_t samples,
                                          sg_synthesis_options options)
{
    const sg_synthesis_layer *layer = &b->conv1;
    if (!(options.silent_blocks >> level & 1))
        return options;
    if (options.noise_mode == SG_NOISE_RANDOM && layer->noise_const)
        for (int drawn = b->first ? 1 : 0; drawn < 2; drawn++)
            sg_random_normal_skip(options.random, (size_t)(samples * layer->height * layer->width));
    options.noise_mode = SG_NOISE_NONE;
    return options;
}

sg_tensor *sg_generator_synthesize(sg_generator *generator, sg_tensor *ws,
                                   sg_synthesis_options options)
{
    int num_ws = sg_generator_num_ws(generator);
    if (!ws)
        return NULL;
    if (ws->shape.rank != 3 || ws->shape.size[1] != num_ws ||
        ws->shape.size[2] != generator->config.w_dim) {
        char text[160];
        return sg_context_fail(ws->context, SG_ERROR_SHAPE,
                               "the generator takes w of shape [N, %d, %d], found %s", num_ws,
                               generator->config.w_dim, sg_shape_print(&ws->shape, text));
    }
    sg_context *context = generator->context;
    size_t scope = sg_scope_open(context);
    int64_t samples = ws->shape.size[0];
    feature_memory memory = reserve_features(generator, samples);
    block_state state = {NULL, NULL};
    int at = 0;
    for (int i = 0; i < generator->block_count && !context->error.status; i++) {
        const block *b = &generator->blocks[i];
        state = block_forward(generator, i, state, ws, at, &memory,
                              block_options(b, i, samples, options));
        at += b->first ? 1 : 2;
        sg_scope_close_pair(context, scope, state.x, state.picture);
    }
    release_features(memory);
    return sg_scope_close(context, scope, context->error.status ? NULL : state.picture);
}
