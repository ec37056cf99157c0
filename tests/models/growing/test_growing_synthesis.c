/*
 * Synthesis networks that grow. tests/golden holds StyleGAN's values; here are names, both paths,
 * what a level of detail computes, ProGAN by plain loops, and refusals.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "models/family.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "support/close.h"
#include "support/networks.h"
#include "support/parameters.h"
#include "support/plain_convolution.h"
#include "support/tensors.h"

static const sg_family growing[] = {SG_STYLEGAN1, SG_PROGAN};

static sg_tensor *random_styles(sg_context *context, const sg_generator *generator, sg_dtype dtype,
                                int samples)
{
    const int width = sg_generator_config_of(generator)->w_dim;
    return random_tensor(context, dtype, SG_SHAPE(samples, sg_generator_num_ws(generator), width),
                         7);
}

static sg_tensor *paint(sg_generator *generator, sg_tensor *ws, bool current)
{
    return sg_generator_synthesize(generator, ws,
                                   (sg_synthesis_options){.current_resolution = current});
}

static void tensors_have_their_names(void **state)
{
    static const expected_parameter stylegan[] = {
        {"synthesis.lod", false, {0, {1}}},
        {"synthesis.b4.const", true, {3, {4, 4, 4}}},
        {"synthesis.b4.layer0.noise_const", false, {2, {4, 4}}},
        {"synthesis.b4.layer0.noise_strength", true, {1, {4}}},
        {"synthesis.b4.layer0.bias", true, {1, {4}}},
        {"synthesis.b4.layer0.affine.weight", true, {2, {8, 5}}},
        {"synthesis.b4.layer0.affine.bias", true, {1, {8}}},
        {"synthesis.b4.layer1.weight", true, {4, {4, 4, 3, 3}}},
        {"synthesis.b4.layer1.noise_const", false, {2, {4, 4}}},
        {"synthesis.b4.layer1.noise_strength", true, {1, {4}}},
        {"synthesis.b4.layer1.bias", true, {1, {4}}},
        {"synthesis.b4.layer1.affine.weight", true, {2, {8, 5}}},
        {"synthesis.b4.layer1.affine.bias", true, {1, {8}}},
        {"synthesis.b4.torgb.weight", true, {4, {3, 4, 1, 1}}},
        {"synthesis.b4.torgb.bias", true, {1, {3}}},
        {"synthesis.b8.layer0.weight", true, {4, {3, 4, 3, 3}}},
        {"synthesis.b8.layer0.noise_const", false, {2, {8, 8}}},
        {"synthesis.b8.layer0.noise_strength", true, {1, {3}}},
        {"synthesis.b8.layer0.bias", true, {1, {3}}},
        {"synthesis.b8.layer0.affine.weight", true, {2, {6, 5}}},
        {"synthesis.b8.layer0.affine.bias", true, {1, {6}}},
        {"synthesis.b8.layer1.weight", true, {4, {3, 3, 3, 3}}},
        {"synthesis.b8.layer1.noise_const", false, {2, {8, 8}}},
        {"synthesis.b8.layer1.noise_strength", true, {1, {3}}},
        {"synthesis.b8.layer1.bias", true, {1, {3}}},
        {"synthesis.b8.layer1.affine.weight", true, {2, {6, 5}}},
        {"synthesis.b8.layer1.affine.bias", true, {1, {6}}},
        {"synthesis.b8.torgb.weight", true, {4, {3, 3, 1, 1}}},
        {"synthesis.b8.torgb.bias", true, {1, {3}}},
        {"mapping.w_avg", false, {1, {5}}},
        {"mapping.embed.weight", true, {2, {6, 2}}},
        {"mapping.fc0.weight", true, {2, {5, 12}}},
        {"mapping.fc0.bias", true, {1, {5}}},
        {"mapping.fc1.weight", true, {2, {5, 5}}},
        {"mapping.fc1.bias", true, {1, {5}}},
    };
    static const expected_parameter progan[] = {
        {"synthesis.lod", false, {0, {1}}},
        {"synthesis.b4.dense.weight", true, {2, {64, 8}}},
        {"synthesis.b4.dense.bias", true, {1, {4}}},
        {"synthesis.b4.layer1.weight", true, {4, {4, 4, 3, 3}}},
        {"synthesis.b4.layer1.bias", true, {1, {4}}},
        {"synthesis.b4.torgb.weight", true, {4, {3, 4, 1, 1}}},
        {"synthesis.b4.torgb.bias", true, {1, {3}}},
        {"synthesis.b8.layer0.weight", true, {4, {3, 4, 3, 3}}},
        {"synthesis.b8.layer0.bias", true, {1, {3}}},
        {"synthesis.b8.layer1.weight", true, {4, {3, 3, 3, 3}}},
        {"synthesis.b8.layer1.bias", true, {1, {3}}},
        {"synthesis.b8.torgb.weight", true, {4, {3, 3, 1, 1}}},
        {"synthesis.b8.torgb.bias", true, {1, {3}}},
        {"mapping.w_avg", false, {1, {8}}},
    };
    for (int i = 0; i < 2; i++) {
        const sg_generator_config config = tiny_growing_config(growing[i], 8, 3, 2);
        sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 1);
        assert_non_null(generator);
        const sg_parameter_set *set = sg_generator_parameters(generator);
        if (growing[i] == SG_STYLEGAN1)
            assert_parameters(set, stylegan, sizeof stylegan / sizeof *stylegan);
        else
            assert_parameters(set, progan, sizeof progan / sizeof *progan);
        for (int family = 0; family < SG_FAMILY_COUNT; family++) {
            bool found = false;
            for (size_t k = 0; k < set->count; k++)
                found |= sg_family_has_tensor((sg_family)family, set->items[k].name);
            assert_int_equal(found, family == (int)growing[i]);
        }
        sg_generator_destroy(generator);
    }
}

static void sizes_are_known(void **state)
{
    const sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 16, 1, 0);
    sg_generator *generator = sg_generator_create(*state, &config, SG_F32, 1);
    assert_non_null(generator);
    assert_int_equal(sg_generator_num_ws(generator), 6);
    assert_int_equal(sg_generator_height(generator), 16);
    assert_int_equal(sg_generator_width(generator), 16);
    for (int i = 0; i < 6; i++)
        assert_int_equal(sg_generator_style_resolution(generator, i), 4 << i / 2);
    sg_generator_destroy(generator);
    const sg_generator_config other = tiny_growing_config(SG_PROGAN, 16, 1, 0);
    generator = sg_generator_create(*state, &other, SG_F32, 1);
    assert_non_null(generator);
    assert_int_equal(sg_generator_num_ws(generator), 1);
    assert_int_equal(sg_generator_style_resolution(generator, 0), 4);
    sg_generator_destroy(generator);
}

static void the_path_without_tape_agrees(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2; i++) {
        const sg_generator_config config = tiny_growing_config(growing[i], 16, 3, 0);
        const sg_shape expected = SG_SHAPE(2, 16, 16, 3);
        sg_generator *generator = tiny_generator(context, &config, SG_F32, 2);
        sg_tensor *ws = random_styles(context, generator, SG_F32, 2);
        sg_parameter_set_require_gradient(sg_generator_parameters(generator), true);
        for (int lod = 0; lod < 6; lod++) {
            sg_generator_set_lod(generator, lod * 0.4);
            context->recording = true;
            const sg_tensor *recorded = paint(generator, ws, false);
            context->recording = false;
            const sg_tensor *plain = paint(generator, ws, false);
            assert_true(recorded && plain && sg_shape_equal(&plain->shape, &expected));
            assert_tensors_near("without tape", plain, recorded, 2e-5);
        }
        sg_parameter_set_require_gradient(sg_generator_parameters(generator), false);
        sg_generator_destroy(generator);
    }
}

static void a_level_is_stretched_unless_asked_for(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2; i++) {
        const sg_generator_config config = tiny_growing_config(growing[i], 16, 1, 0);
        sg_generator *generator = tiny_generator(context, &config, SG_F64, 3);
        sg_tensor *ws = random_styles(context, generator, SG_F64, 2);
        for (int half = 0; half <= 4; half++) {
            const int side = 16 >> half / 2;
            const sg_shape expected = SG_SHAPE(2, side, side, 1);
            sg_generator_set_lod(generator, half / 2.0);
            sg_tensor *picture = paint(generator, ws, true);
            assert_true(picture && sg_shape_equal(&picture->shape, &expected));
            assert_tensors_near("stretched", paint(generator, ws, false),
                                sg_enlarge_nearest(picture, 16 / side), 0);
        }
        sg_generator_destroy(generator);
    }
}

/* At lod 1.25, three quarters of the 8x8 picture of a network of 16x16 are that at lod 1. */
static void levels_between_are_blends(void **state)
{
    sg_context *context = *state;
    for (int i = 0; i < 2; i++) {
        const sg_generator_config config = tiny_growing_config(growing[i], 16, 3, 0);
        sg_generator *generator = tiny_generator(context, &config, SG_F64, 4);
        sg_tensor *ws = random_styles(context, generator, SG_F64, 1);
        sg_tensor *at[3];
        for (int k = 0; k < 3; k++) {
            static const double lods[] = {1, 1.25, 2};
            sg_generator_set_lod(generator, lods[k]);
            at[k] = paint(generator, ws, false);
        }
        assert_tensors_near("blend", at[1],
                            sg_add(sg_affine(at[0], 0.75, 0), sg_affine(at[2], 0.25, 0)), 1e-12);
        sg_generator_destroy(generator);
    }
}

/* Which blocks' tensors have a gradient at a level: those that are computed, and no others. */
static void levels_above_are_not_computed(void **state)
{
    sg_context *context = *state;
    static const double lods[] = {0, 0.5, 1, 1.5, 2};
    for (int i = 0; i < 10; i++) {
        const double lod = lods[i / 2];
        const sg_generator_config config = tiny_growing_config(growing[i % 2], 16, 3, 0);
        sg_generator *generator = tiny_generator(context, &config, SG_F32, 5);
        sg_parameter_set *set = sg_generator_parameters(generator);
        size_t scope = sg_scope_open(context);
        sg_parameter_set_require_gradient(set, true);
        sg_generator_set_lod(generator, lod);
        sg_tensor *picture = paint(generator, random_styles(context, generator, SG_F32, 1), false);
        for (size_t k = 0; k < set->count; k++) {
            sg_tensor *gradient = NULL;
            const char *name = set->items[k].name;
            if (!set->items[k].trainable || strncmp(name, "synthesis.b", 11) != 0)
                continue;
            assert_int_equal(sg_gradient(picture, NULL, &set->items[k].tensor, 1,
                                         (sg_gradient_options){.retain_graph = true}, &gradient),
                             SG_OK);
            const int side = name[11] == '1' ? 16 : name[11] - '0';
            const int top = 16 >> (int)lod;
            const bool colours = strstr(name, "torgb");
            const bool blended = lod > floor(lod) && side == top / 2;
            assert_int_equal(gradient != NULL, colours ? side == top || blended : side <= top);
        }
        sg_scope_close(context, scope, NULL);
        sg_parameter_set_require_gradient(set, false);
        sg_generator_destroy(generator);
    }
}

static void noise_modes_differ(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 6);
    sg_tensor *ws = random_styles(context, generator, SG_F64, 2);
    sg_tensor *pictures[4];
    for (int i = 0; i < 4; i++) {
        sg_random random = sg_random_stream(1, 2);
        static const sg_noise_mode modes[] = {SG_NOISE_CONST, SG_NOISE_NONE, SG_NOISE_RANDOM,
                                              SG_NOISE_RANDOM};
        pictures[i] = sg_generator_synthesize(
            generator, ws, (sg_synthesis_options){.noise_mode = modes[i], .random = &random});
        assert_non_null(pictures[i]);
    }
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < a; b++)
            assert_true(fabs(sg_tensor_value(pictures[a], 9) - sg_tensor_value(pictures[b], 9)) >
                        1e-6);
    assert_tensors_near("the same numbers", pictures[2], pictures[3], 0);
    sg_generator_destroy(generator);
}

/* Layers without noise skip their random numbers: others have theirs as before. */
static void silent_layers_have_no_noise(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 6);
    sg_parameter_set *set = sg_generator_parameters(generator);
    sg_tensor *ws = random_styles(context, generator, SG_F64, 2);
    sg_tensor *pictures[2];
    for (int i = 0; i < 2; i++) {
        sg_random random = sg_random_stream(1, 2);
        pictures[i] = sg_generator_synthesize(
            generator, ws,
            (sg_synthesis_options){
                .noise_mode = SG_NOISE_RANDOM, .random = &random, .silent_layers = i == 0 ? 3 : 0});
        for (int layer = 0; layer < 2; layer++)
            for (int c = 0; c < 4; c++)
                sg_tensor_set_value(
                    parameter_named(set, layer ? "synthesis.b4.layer1.noise_strength"
                                               : "synthesis.b4.layer0.noise_strength"),
                    c, 0);
    }
    assert_tensors_near("without noise at 4x4", pictures[0], pictures[1], 1e-12);
    sg_generator_destroy(generator);
}

/* ---- ProGAN by plain loops ---- */

enum { CHANNELS = 4, Z_DIM = 6 };

/* Bias, leaky ReLU and pixelwise normalisation of [1, side, side, channels], in place. */
static void plain_finish(sg_tensor *x, const sg_tensor *bias)
{
    const int64_t channels = x->shape.size[3];
    for (int64_t at = 0; at < sg_tensor_count(x); at += channels) {
        double squares = 0;
        for (int64_t c = 0; c < channels; c++) {
            const double sum = sg_tensor_value(x, at + c) + sg_tensor_value(bias, c);
            sg_tensor_set_value(x, at + c, sum > 0 ? sum : 0.2 * sum);
            squares += pow(sg_tensor_value(x, at + c), 2);
        }
        for (int64_t c = 0; c < channels; c++)
            sg_tensor_set_value(
                x, at + c, sg_tensor_value(x, at + c) / sqrt(squares / (double)channels + 1e-8));
    }
}

/* A layer named "synthesis.NAME" of x, enlarged first by `factor` with the kernel turned round. */
static sg_tensor *plain_layer(sg_generator *generator, const char *name, sg_tensor *x, int factor)
{
    char path[SG_PARAMETER_NAME_BYTES];
    const sg_parameter_set *set = sg_generator_parameters(generator);
    snprintf(path, sizeof path, "synthesis.%s.weight", name);
    sg_tensor *weight = parameter_named(set, path);
    snprintf(path, sizeof path, "synthesis.%s.bias", name);
    const sg_tensor *bias = parameter_named(set, path);
    const int64_t out = weight->shape.size[0];
    const bool colours = weight->shape.size[2] == 1;
    const double fan_in = (double)(sg_tensor_count(weight) / out);
    const double gain = (colours ? 1 : sqrt(2)) / sqrt(fan_in);
    sg_tensor *large = sg_enlarge_nearest(x, factor);
    sg_tensor *kernel = factor > 1 ? sg_flip(weight, 1u << 2 | 1u << 3) : weight;
    const int64_t side = large->shape.size[1];
    sg_tensor *y = sg_tensor_create(x->context, SG_F64, SG_SHAPE(1, side, side, out));
    assert_non_null(y);
    for (int64_t i = 0; i < sg_tensor_count(y); i++)
        sg_tensor_set_value(y, i,
                            gain * plain_convolution(large, kernel, 0, i / out / side,
                                                     i / out % side, i % out, NULL) +
                                (colours ? sg_tensor_value(bias, i % out) : 0));
    if (!colours)
        plain_finish(y, bias);
    return y;
}

/* The first layer of w [1, 1, Z_DIM]: features count channel by channel. */
static sg_tensor *plain_dense(sg_generator *generator, const sg_tensor *ws)
{
    const sg_parameter_set *set = sg_generator_parameters(generator);
    const sg_tensor *weight = parameter_named(set, "synthesis.b4.dense.weight");
    sg_tensor *x = sg_tensor_create(ws->context, SG_F64, SG_SHAPE(1, 4, 4, CHANNELS));
    assert_non_null(x);
    for (int row = 0; row < CHANNELS * 16; row++) {
        double sum = 0;
        for (int i = 0; i < Z_DIM; i++)
            sum += sg_tensor_value(weight, row * Z_DIM + i) * sg_tensor_value(ws, i);
        sg_tensor_set_value(x, row % 16 * CHANNELS + row / 16, sum * sqrt(2) / 4 / sqrt(Z_DIM));
    }
    plain_finish(x, parameter_named(set, "synthesis.b4.dense.bias"));
    return x;
}

static void progan_follows_its_paper(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    const sg_generator_config config = tiny_growing_config(SG_PROGAN, 8, 3, 0);
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 8);
    sg_tensor *ws = random_styles(context, generator, SG_F64, 1);
    sg_tensor *small = plain_layer(generator, "b4.layer1", plain_dense(generator, ws), 1);
    sg_tensor *large =
        plain_layer(generator, "b8.layer1", plain_layer(generator, "b8.layer0", small, 2), 1);
    sg_tensor *small_colours = sg_enlarge_nearest(plain_layer(generator, "b4.torgb", small, 1), 2);
    sg_tensor *large_colours = plain_layer(generator, "b8.torgb", large, 1);
    for (int quarter = 0; quarter <= 4; quarter++) {
        sg_generator_set_lod(generator, quarter / 4.0);
        assert_tensors_near("ProGAN", paint(generator, ws, false),
                            sg_add(sg_affine(large_colours, 1 - quarter / 4.0, 0),
                                   sg_affine(small_colours, quarter / 4.0, 0)),
                            1e-12);
    }
    sg_generator_destroy(generator);
}

/* Latent and label as one vector of unit second moment; nothing pulls the average from 0. */
static void progans_w_is_its_latent(void **state)
{
    sg_context *context = *state;
    const sg_generator_config config = tiny_growing_config(SG_PROGAN, 8, 3, 2);
    sg_generator *generator = sg_generator_create(context, &config, SG_F64, 9);
    assert_non_null(generator);
    const sg_tensor *average = parameter_named(sg_generator_parameters(generator), "mapping.w_avg");
    sg_tensor *z = random_tensor(context, SG_F64, SG_SHAPE(2, Z_DIM), 1);
    sg_tensor *c = one_hot(context, SG_F64, 2, 2, 0);
    sg_tensor *w = sg_generator_map(generator, z, c);
    assert_non_null(w);
    for (int n = 0; n < 2; n++) {
        double squares = 1;
        for (int i = 0; i < Z_DIM; i++)
            squares += pow(sg_tensor_value(z, n * Z_DIM + i), 2);
        for (int i = 0; i < Z_DIM + 2; i++)
            assert_close(sg_tensor_value(w, n * 8 + i),
                         (i < Z_DIM ? sg_tensor_value(z, n * Z_DIM + i)
                                    : sg_tensor_value(c, n * 2 + i - Z_DIM)) /
                             sqrt(squares / 8 + 1e-8),
                         1e-12);
    }
    sg_generator_track_average(generator, w);
    assert_all_values(average, 0);
    assert_non_null(
        paint(generator,
              sg_generator_truncate(generator, sg_generator_broadcast(generator, w), NULL, 0.5, -1),
              false));
    sg_generator_destroy(generator);
}

/* The first features of StyleGAN's configuration C (Karras et al. 2018, table 1) are linear in the
 * first w, and its other layers as usual. */
static void stylegan_can_start_from_w(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    config.growing.const_input = false;
    sg_generator *generator = tiny_generator(context, &config, SG_F64, 8);
    sg_parameter_set *set = sg_generator_parameters(generator);
    const sg_tensor *weight = parameter_named(set, "synthesis.b4.input.weight");
    assert_int_equal(weight->shape.size[0], 16 * CHANNELS);
    assert_int_equal(weight->shape.size[1], 5);
    assert_null(sg_parameter_find(set, "synthesis.b4.const"));
    assert_false(sg_family_has_tensor(SG_PROGAN, "synthesis.b4.input.weight"));
    sg_tensor *ws = random_styles(context, generator, SG_F64, 1);
    const sg_tensor *picture = paint(generator, ws, false);
    /* The same features as a constant, in a generator of the usual kind with the same weights. */
    const sg_generator_config usual_config = tiny_growing_config(SG_STYLEGAN1, 8, 3, 0);
    sg_generator *usual = tiny_generator(context, &usual_config, SG_F64, 8);
    sg_tensor *constant = parameter_named(sg_generator_parameters(usual), "synthesis.b4.const");
    for (int row = 0; row < CHANNELS * 16; row++) {
        double sum = 0;
        for (int i = 0; i < 5; i++)
            sum += sg_tensor_value(weight, row * 5 + i) * sg_tensor_value(ws, i);
        sg_tensor_set_value(constant, row, sum * sqrt(2) / 4 / sqrt(5));
    }
    for (size_t i = 0; i < set->count; i++) {
        const sg_parameter *from = &set->items[i];
        sg_parameter *to = sg_parameter_find(sg_generator_parameters(usual), from->name);
        for (int64_t k = 0; to && k < sg_tensor_count(from->tensor); k++)
            sg_tensor_set_value(to->tensor, k, sg_tensor_value(from->tensor, k));
    }
    assert_tensors_near("a layer as input", picture, paint(usual, ws, false), 1e-12);
    sg_generator_destroy(usual);
    sg_generator_destroy(generator);
}

static void kernels_are_turned_where_the_original_fuses(void **state)
{
    sg_context *context = *state;
    context->recording = false;
    sg_tensor *pictures[3];
    for (int fused = SG_FUSED_AUTO; fused <= SG_FUSED_NEVER; fused++) {
        sg_generator_config config = tiny_growing_config(SG_STYLEGAN1, 16, 1, 0);
        config.growing.fused_scale = (sg_fused_scale)fused;
        sg_generator *generator = tiny_generator(context, &config, SG_F64, 4);
        pictures[fused] = paint(generator, random_styles(context, generator, SG_F64, 1), false);
        assert_non_null(pictures[fused]);
        sg_generator_destroy(generator);
    }
    assert_tensors_near("below 128 nothing is fused", pictures[SG_FUSED_AUTO],
                        pictures[SG_FUSED_NEVER], 0);
    assert_true(fabs(sg_tensor_value(pictures[SG_FUSED_AUTO], 20) -
                     sg_tensor_value(pictures[SG_FUSED_ALWAYS], 20)) > 1e-3);
}

static void impossible_configs_are_refused(void **state)
{
    sg_context *context = *state;
    sg_generator_config config[5];
    static const char *const parts[] = {"init_res is [4, 8]", "resample_filter has 2 taps", "w_dim",
                                        "num_layers 0", "const_input_layer is true"};
    for (int i = 0; i < 5; i++)
        config[i] = tiny_growing_config(i == 2 || i == 4 ? SG_PROGAN : SG_STYLEGAN1, 8, 3, 0);
    config[0].base_width = 8;
    config[1].filter_taps = 2;
    config[2].w_dim = 5;
    config[3].mapping.num_layers = 0;
    config[4].growing.const_input = true;
    for (int i = 0; i < 5; i++) {
        sg_error error = {0};
        assert_null(sg_generator_create(context, &config[i], SG_F32, 0));
        assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_ARGUMENT);
        if (!strstr(error.message, parts[i]))
            fail_msg("%s was expected in: %s", parts[i], error.message);
    }
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(tensors_have_their_names),
        WITH_CONTEXT(sizes_are_known),
        WITH_CONTEXT(the_path_without_tape_agrees),
        WITH_CONTEXT(a_level_is_stretched_unless_asked_for),
        WITH_CONTEXT(levels_between_are_blends),
        WITH_CONTEXT(levels_above_are_not_computed),
        WITH_CONTEXT(noise_modes_differ),
        WITH_CONTEXT(silent_layers_have_no_noise),
        WITH_CONTEXT(progan_follows_its_paper),
        WITH_CONTEXT(progans_w_is_its_latent),
        WITH_CONTEXT(stylegan_can_start_from_w),
        WITH_CONTEXT(kernels_are_turned_where_the_original_fuses),
        WITH_CONTEXT(impossible_configs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
