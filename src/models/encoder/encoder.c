/*
 * Encoders of pixel2style2pixel (Richardson et al. 2021) and encoder4editing (Tov et al. 2021): a
 * pyramid of three maps, and for each code a block of strided convolutions down to one pixel.
 */
#include "models/encoder/encoder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/encoder/encoder_body.h"
#include "nn/linear.h"
#include "ops/arithmetic.h"
#include "ops/augment/grid_sample.h"
#include "ops/convolution/convolution.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"

enum { MOST_CONVOLUTIONS = 8 /* of a block: 256 pixels to one */ };
static const double block_slope = 0.01; /* of the leaky rectifiers in blocks */

typedef struct code_block {
    int map, count;
    sg_tensor *weights[MOST_CONVOLUTIONS], *biases[MOST_CONVOLUTIONS];
    sg_linear linear;
} code_block;

struct sg_encoder {
    sg_context *context;
    sg_encoder_config config;
    sg_parameter_set parameters;
    sg_encoder_body *body;
    int block_count;
    code_block blocks[SG_ENCODER_MOST_WS];
    sg_tensor *lateral[2], *lateral_bias[2]; /* of the middle map, of the largest */
    sg_linear linear;                        /* of SG_ENCODER_W */
    sg_tensor *average;
};

/* ---- creation ---- */

/* Adds a convolution's weight and bias under "PREFIX.". */
static void add_convolution(sg_parameter_set *set, const char *prefix, int out, int in, int side,
                            sg_tensor **weight, sg_tensor **bias)
{
    const sg_initial initial = {SG_INITIAL_UNIFORM, sqrt(6.0 / (in * side * side))};
    *weight = sg_parameter_add(set, prefix, "weight", SG_SHAPE(out, in, side, side), true, initial);
    *bias = sg_parameter_add(set, prefix, "bias", SG_SHAPE(out), true, SG_ZEROS);
}

static sg_linear add_linear(sg_encoder *encoder, const char *prefix, int in)
{
    return sg_linear_create(&encoder->parameters, prefix, "linear",
                            (sg_linear_options){.in_features = in,
                                                .out_features = encoder->config.w_dim,
                                                .activation = SG_LINEAR,
                                                .lr_multiplier = 1});
}

/* The map that code `index` is made of: 2 is the smallest. */
static int map_of(const sg_encoder_config *c, int index)
{
    if (index < c->coarse)
        return 2;
    return index < c->middle ? 1 : 0;
}

static void create_block(sg_encoder *encoder, int index)
{
    const sg_encoder_config *c = &encoder->config;
    code_block *block = &encoder->blocks[index];
    char prefix[64];
    const int width = c->style_width > 0 ? c->style_width : c->w_dim;
    int in = c->widths[SG_ENCODER_STAGES - 1];
    block->map = map_of(c, index);
    for (int side = c->img_resolution >> (2 + block->map); side > 1; side /= 2) {
        snprintf(prefix, sizeof prefix, "styles.%d.convs.%d", index, 2 * block->count);
        add_convolution(&encoder->parameters, prefix, width, in, 3, &block->weights[block->count],
                        &block->biases[block->count]);
        block->count++;
        in = width;
    }
    snprintf(prefix, sizeof prefix, "styles.%d", index);
    block->linear = add_linear(encoder, prefix, width);
}

static void create_networks(sg_encoder *encoder)
{
    const sg_encoder_config *c = &encoder->config;
    sg_parameter_set *set = &encoder->parameters;
    const int last = c->widths[SG_ENCODER_STAGES - 1];
    encoder->body = sg_encoder_body_create(set, c);
    if (c->kind == SG_ENCODER_W) {
        encoder->linear = add_linear(encoder, "", last);
    } else {
        encoder->block_count = c->num_ws;
        for (int i = 0; i < c->num_ws; i++)
            create_block(encoder, i);
        for (int i = 0; i < 2; i++) {
            const char *prefix = i == 0 ? "latlayer1" : "latlayer2";
            add_convolution(set, prefix, last, c->widths[SG_ENCODER_STAGES - 2 - i], 1,
                            &encoder->lateral[i], &encoder->lateral_bias[i]);
        }
    }
    encoder->average =
        sg_parameter_add(set, "", "latent_avg", SG_SHAPE(c->num_ws, c->w_dim), false, SG_ZEROS);
}

sg_encoder *sg_encoder_create(sg_context *context, const sg_encoder_config *config, sg_dtype dtype,
                              uint64_t seed)
{
    sg_error error = {0};
    if (sg_encoder_config_check(config, &error)) {
        sg_context_fail(context, error.status, "%s", error.message);
        return NULL;
    }
    sg_encoder *encoder = sg_context_allocate(context, sizeof *encoder, "an encoder");
    if (!encoder)
        return NULL;
    encoder->context = context;
    encoder->config = *config;
    sg_parameter_set_init(&encoder->parameters, context, dtype, seed);
    create_networks(encoder);
    if (context->error.status) {
        sg_encoder_destroy(encoder);
        return NULL;
    }
    return encoder;
}

void sg_encoder_destroy(sg_encoder *encoder)
{
    if (!encoder)
        return;
    sg_encoder_body_destroy(encoder->body);
    sg_parameter_set_clear(&encoder->parameters);
    free(encoder);
}

const sg_encoder_config *sg_encoder_config_of(const sg_encoder *encoder)
{
    return &encoder->config;
}

sg_parameter_set *sg_encoder_parameters(sg_encoder *encoder)
{
    return &encoder->parameters;
}

sg_tensor *sg_encoder_average(const sg_encoder *encoder)
{
    return encoder->average;
}

/* ---- forward ---- */

/* Returns bilinearly enlarged x plus a 1x1 convolution of the map of twice its size. */
static sg_tensor *join_map(const sg_encoder *encoder, int which, sg_tensor *x, sg_tensor *map)
{
    if (!x || !map)
        return NULL;
    sg_tensor *side = sg_convolution(map, encoder->lateral[which], sg_convolution_defaults());
    side = sg_bias_act(side, NULL, NULL, encoder->lateral_bias[which],
                       sg_bias_act_without_gain(SG_LINEAR));
    return sg_add(sg_resize_aligned(x, map->shape.size[1], map->shape.size[2]), side);
}

/* Returns a block's code [N, 1, w_dim] of its map. */
static sg_tensor *run_block(const code_block *block, sg_tensor *x)
{
    sg_bias_act_options leaky = sg_bias_act_without_gain(SG_LRELU);
    sg_convolution_options halving = sg_convolution_defaults();
    leaky.alpha = block_slope;
    halving.stride_y = halving.stride_x = 2;
    halving.pad_top = halving.pad_left = halving.pad_bottom = halving.pad_right = 1;
    for (int i = 0; i < block->count; i++)
        x = sg_bias_act(sg_convolution(x, block->weights[i], halving), NULL, NULL, block->biases[i],
                        leaky);
    if (!x)
        return NULL;
    const int64_t samples = x->shape.size[0];
    x = sg_linear_forward(&block->linear, sg_reshape(x, SG_SHAPE(samples, x->shape.size[3])));
    return x ? sg_reshape(x, SG_SHAPE(samples, 1, x->shape.size[1])) : NULL;
}

/* Returns the codes of all blocks. Those of e4e are the first one plus a difference each, up to the
 * stage. */
static sg_tensor *run_blocks(const sg_encoder *encoder, sg_tensor *const *pyramid, int stage)
{
    const bool differs = encoder->config.kind == SG_ENCODER_E4E;
    sg_tensor *first = run_block(&encoder->blocks[0], pyramid[encoder->blocks[0].map]);
    sg_tensor *codes = first;
    for (int i = 1; i < encoder->block_count && codes; i++) {
        const code_block *block = &encoder->blocks[i];
        sg_tensor *code = differs && i > stage ? first : run_block(block, pyramid[block->map]);
        if (differs && i <= stage)
            code = sg_add(first, code);
        codes = sg_concatenate(codes, code, 1);
    }
    return codes;
}

/* Returns one code, of the means of the last map, for all inputs. */
static sg_tensor *run_single(const sg_encoder *encoder, sg_tensor *map)
{
    if (!map)
        return NULL;
    const int64_t samples = map->shape.size[0];
    const int64_t channels = map->shape.size[3];
    sg_tensor *means =
        sg_reshape(sg_mean(map, SG_SHAPE(samples, 1, 1, channels)), SG_SHAPE(samples, channels));
    sg_tensor *code = sg_linear_forward(&encoder->linear, means);
    if (!code)
        return NULL;
    const int64_t width = code->shape.size[1];
    return sg_broadcast(sg_reshape(code, SG_SHAPE(samples, 1, width)),
                        SG_SHAPE(samples, encoder->config.num_ws, width));
}

/* Returns pictures of the encoder's size; fails for those that no power of two leads to. */
static sg_tensor *fit_pictures(const sg_encoder *encoder, sg_tensor *pictures)
{
    const int64_t side = encoder->config.img_resolution;
    const int64_t *size = pictures->shape.size;
    char text[160];
    if (pictures->shape.rank == 4 && size[1] == size[2] &&
        size[3] == encoder->config.img_channels && size[1] > 0 &&
        (size[1] % side == 0 || side % size[1] == 0))
        return size[1] >= side ? sg_reduce_box(pictures, (int)(size[1] / side))
                               : sg_enlarge_nearest(pictures, (int)(side / size[1]));
    return sg_context_fail(encoder->context, SG_ERROR_SHAPE,
                           "the encoder takes square pictures of %lld pixels a side, or a whole "
                           "multiple or fraction, with %d channels, found %s",
                           (long long)side, encoder->config.img_channels,
                           sg_shape_print(&pictures->shape, text));
}

sg_tensor *sg_encoder_codes(sg_encoder *encoder, sg_tensor *pictures, sg_encoder_pass pass)
{
    sg_tensor *maps[SG_ENCODER_MAPS] = {NULL};
    if (!pictures)
        return NULL;
    const size_t scope = sg_scope_open(encoder->context);
    sg_tensor *codes = NULL;
    sg_tensor *x = fit_pictures(encoder, pictures);
    if (x)
        sg_encoder_body_maps(encoder->body, x, pass.norm, maps);
    if (encoder->config.kind == SG_ENCODER_W) {
        codes = run_single(encoder, maps[2]);
    } else {
        sg_tensor *middle = join_map(encoder, 0, maps[2], maps[1]);
        sg_tensor *pyramid[] = {join_map(encoder, 1, middle, maps[0]), middle, maps[2]};
        codes = run_blocks(encoder, pyramid, pass.stage);
    }
    if (!pass.maps)
        return sg_scope_close(encoder->context, scope, codes);
    for (int i = 0; i < SG_ENCODER_MAPS; i++)
        pass.maps[i] = maps[i]; /* the surrounding scope keeps all that is in this one */
    return codes;
}

sg_tensor *sg_encoder_styles(const sg_encoder *encoder, sg_tensor *codes)
{
    return sg_add(codes, encoder->average);
}
