/* The modulated layers: derivatives in every mode, the paper's formula, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/synthesis_layer.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/plain_convolution.h"
#include "support/tensors.h"

enum { SAMPLES = 2, SIDE = 3, IN = 2, OUT = 2, W_DIM = 3 };

static const float taps[] = {1, 3, 3, 1};

typedef struct layer_kind {
    const char *name;
    int up;
    bool has_noise;
    sg_noise_mode mode;
    double clamp, gain;
    sg_activation activation;
} layer_kind;

/* A layer whose tensors are to be put in; affine.bias all ones. */
static sg_synthesis_layer bare_layer(sg_context *context, const layer_kind *kind)
{
    const int side = SIDE * kind->up;
    sg_synthesis_layer layer = {.affine = {.bias = sg_tensor_full(context, SG_F64, SG_SHAPE(IN), 1),
                                           .weight_gain = 0.7,
                                           .bias_gain = 1,
                                           .activation = SG_LINEAR},
                                .filter = random_tensor(context, SG_F64, SG_SHAPE(4, 4), 21),
                                .up = kind->up,
                                .height = side,
                                .width = side,
                                .clamp = kind->clamp,
                                .activation = kind->activation};
    if (kind->has_noise)
        layer.noise =
            (sg_noise_layer){.constant = random_tensor(context, SG_F64, SG_SHAPE(side, side), 22),
                             .height = side,
                             .width = side};
    return layer;
}

static sg_tensor *forward(const sg_synthesis_layer *layer, const layer_kind *kind, sg_tensor *x,
                          sg_tensor *w)
{
    sg_random random = sg_random_stream(5, 6);
    const sg_synthesis_options options = {.noise_mode = kind->mode, .random = &random};
    return sg_synthesis_layer_forward(layer, x, w, kind->gain, options);
}

/* Inputs: x, w, weight, affine.weight, bias, noise_strength. */
static sg_tensor *run_noisy_layer(sg_context *context, sg_tensor *const *in, const void *options)
{
    sg_synthesis_layer layer = bare_layer(context, options);
    layer.weight = in[2];
    layer.affine.weight = in[3];
    layer.bias = in[4];
    layer.noise.strength = in[5];
    return forward(&layer, options, in[0], in[1]);
}

/* Inputs: x, w, weight, affine.weight, bias, affine.bias. */
static sg_tensor *run_silent_layer(sg_context *context, sg_tensor *const *in, const void *options)
{
    sg_synthesis_layer layer = bare_layer(context, options);
    layer.weight = in[2];
    layer.affine.weight = in[3];
    layer.bias = in[4];
    layer.affine.bias = in[5];
    return forward(&layer, options, in[0], in[1]);
}

static void assert_layer_derivatives(const layer_kind *kind, uint64_t seed)
{
    const gradient_case tested = {
        .name = kind->name,
        .function = kind->has_noise ? run_noisy_layer : run_silent_layer,
        .options = kind,
        .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(SAMPLES, SIDE, SIDE, IN)},
                   {GRADIENT_SIGNED, GRADIENT_SHAPE(SAMPLES, W_DIM)},
                   {GRADIENT_SIGNED, GRADIENT_SHAPE(OUT, IN, 3, 3)},
                   {GRADIENT_SIGNED, GRADIENT_SHAPE(IN, W_DIM)},
                   {GRADIENT_SIGNED, GRADIENT_SHAPE(OUT)},
                   {GRADIENT_SIGNED, {kind->has_noise ? 0 : 1, {IN}}}},
        .seed = seed};
    assert_gradients_right(&tested);
}

static void derivatives_are_right(void **state)
{
    (void)state;
    static const layer_kind kinds[] = {
        {"constant noise", 1, true, SG_NOISE_CONST, -1, 1, SG_LRELU},
        {"random noise", 1, true, SG_NOISE_RANDOM, -1, 0.7, SG_LRELU},
        {"without noise", 1, false, SG_NOISE_CONST, -1, 1, SG_LRELU},
        {"clamped", 1, true, SG_NOISE_CONST, 1.5, 0.7, SG_LRELU},
        {"up with constant noise", 2, true, SG_NOISE_CONST, -1, 1, SG_LRELU},
        {"up with random noise", 2, true, SG_NOISE_RANDOM, -1, 1, SG_LRELU},
        {"up without noise", 2, false, SG_NOISE_NONE, -1, 0.7, SG_LRELU},
        {"linear", 1, true, SG_NOISE_CONST, -1, 1, SG_LINEAR},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        assert_layer_derivatives(&kinds[i], 90 + i);
}

/* A layer's noise is left out when asked for: the strength gets no gradient then. */
static void derivatives_are_right_with_noise_off(void **state)
{
    (void)state;
    static const layer_kind off = {"noise off", 1, true, SG_NOISE_NONE, -1, 1, SG_LRELU};
    assert_layer_derivatives(&off, 101);
}

/* Inputs: x, w, weight, affine.weight, affine.bias, bias. */
static sg_tensor *run_to_rgb(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const sg_to_rgb_layer layer = {.affine = {.weight = in[3],
                                              .bias = in[4],
                                              .weight_gain = 0.7,
                                              .bias_gain = 1,
                                              .activation = SG_LINEAR},
                                   .weight = in[2],
                                   .bias = in[5],
                                   .weight_gain = 0.6,
                                   .clamp = *(const double *)options};
    return sg_to_rgb_layer_forward(&layer, in[0], in[1], NULL);
}

static void derivatives_to_colours_are_right(void **state)
{
    (void)state;
    static const double clamps[] = {-1, 0.5};
    for (size_t i = 0; i < 2; i++) {
        const gradient_case tested = {
            .name = i ? "to_rgb clamped" : "to_rgb",
            .function = run_to_rgb,
            .options = &clamps[i],
            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(SAMPLES, SIDE, 2, IN)},
                       {GRADIENT_SIGNED, GRADIENT_SHAPE(SAMPLES, W_DIM)},
                       {GRADIENT_SIGNED, GRADIENT_SHAPE(3, IN, 1, 1)},
                       {GRADIENT_SIGNED, GRADIENT_SHAPE(IN, W_DIM)},
                       {GRADIENT_SIGNED, GRADIENT_SHAPE(IN)},
                       {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
            .seed = 110 + i};
        assert_gradients_right(&tested);
    }
}

static sg_synthesis_layer create_layer(sg_parameter_set *set, int up, bool use_noise)
{
    return sg_synthesis_layer_create(set, "b8.conv0",
                                     (sg_synthesis_layer_options){.in_channels = 20,
                                                                  .out_channels = 30,
                                                                  .kernel_size = 3,
                                                                  .w_dim = 40,
                                                                  .height = 16,
                                                                  .width = 32,
                                                                  .up = up,
                                                                  .use_noise = use_noise,
                                                                  .activation = SG_LRELU,
                                                                  .clamp = -1,
                                                                  .taps = taps,
                                                                  .tap_count = 4});
}

static void layers_start_as_published(void **state)
{
    static const expected_parameter expected[] = {{"b8.conv0.weight", true, {4, {30, 20, 3, 3}}},
                                                  {"b8.conv0.noise_strength", true, {0, {0}}},
                                                  {"b8.conv0.bias", true, {1, {30}}},
                                                  {"b8.conv0.resample_filter", false, {2, {4, 4}}},
                                                  {"b8.conv0.noise_const", false, {2, {16, 32}}},
                                                  {"b8.conv0.affine.weight", true, {2, {20, 40}}},
                                                  {"b8.conv0.affine.bias", true, {1, {20}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_synthesis_layer layer = create_layer(&set, 2, true);
    assert_parameters(&set, expected, 7);
    assert_normal_values(layer.weight, 1);
    assert_normal_values(layer.noise.constant, 1);
    assert_normal_values(layer.affine.weight, 1);
    assert_all_values(layer.noise.strength, 0);
    assert_all_values(layer.bias, 0);
    assert_all_values(layer.affine.bias, 1);
    assert_close(layer.affine.weight_gain, 1 / sqrt(40), 1e-15);
    sg_parameter_set_clear(&set);
}

static void layers_without_noise_have_no_noise_tensors(void **state)
{
    static const expected_parameter expected[] = {{"b8.conv0.weight", true, {4, {30, 20, 3, 3}}},
                                                  {"b8.conv0.bias", true, {1, {30}}},
                                                  {"b8.conv0.resample_filter", false, {2, {4, 4}}},
                                                  {"b8.conv0.affine.weight", true, {2, {20, 40}}},
                                                  {"b8.conv0.affine.bias", true, {1, {20}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    create_layer(&set, 1, false);
    assert_parameters(&set, expected, 5);
    sg_parameter_set_clear(&set);
}

static void colours_start_as_published(void **state)
{
    static const expected_parameter expected[] = {{"b8.torgb.weight", true, {4, {3, 400, 1, 1}}},
                                                  {"b8.torgb.bias", true, {1, {3}}},
                                                  {"b8.torgb.affine.weight", true, {2, {400, 10}}},
                                                  {"b8.torgb.affine.bias", true, {1, {400}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_to_rgb_layer layer = sg_to_rgb_layer_create(&set, "b8.torgb", 400, 3, 10, 256);
    assert_parameters(&set, expected, 4);
    assert_normal_values(layer.weight, 1);
    assert_all_values(layer.bias, 0);
    assert_all_values(layer.affine.bias, 1);
    assert_close(layer.weight_gain, 0.05, 1e-15);
    assert_close(layer.clamp, 256, 0);
    sg_parameter_set_clear(&set);
}

/* The styles of sample n by the definition of the affine layer. */
static void plain_styles(const sg_linear *affine, const sg_tensor *w, int64_t n, double *styles)
{
    for (int64_t i = 0; i < IN; i++) {
        styles[i] = sg_tensor_value(affine->bias, i);
        for (int64_t k = 0; k < W_DIM; k++)
            styles[i] += affine->weight_gain * sg_tensor_value(w, n * W_DIM + k) *
                         sg_tensor_value(affine->weight, i * W_DIM + k);
    }
}

/* 1 / sqrt(sum of the squared modulated weights), equation 3 of the paper. */
static double plain_demodulation(const sg_tensor *weight, int64_t out, const double *styles)
{
    double sum = 1e-8;
    for (int64_t i = 0; i < IN * 9; i++)
        sum += pow(sg_tensor_value(weight, out * IN * 9 + i) * styles[i / 9], 2);
    return 1 / sqrt(sum);
}

static void outputs_follow_the_paper(void **state)
{
    sg_context *context = *state;
    static const layer_kind kind = {"", 1, true, SG_NOISE_CONST, -1, 1, SG_LRELU};
    sg_synthesis_layer layer = bare_layer(context, &kind);
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, SIDE, SIDE, IN), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, W_DIM), 2);
    layer.weight = random_tensor(context, SG_F64, SG_SHAPE(OUT, IN, 3, 3), 3);
    layer.affine.weight = random_tensor(context, SG_F64, SG_SHAPE(IN, W_DIM), 4);
    layer.bias = random_tensor(context, SG_F64, SG_SHAPE(OUT), 5);
    layer.noise.strength = sg_tensor_full(context, SG_F64, sg_shape_of(0, NULL), 0.3);
    const sg_tensor *y = forward(&layer, &kind, x, w);
    assert_non_null(y);
    for (int64_t i = 0; i < sg_tensor_count(y); i++) {
        const int64_t n = i / (SIDE * SIDE * OUT);
        const int64_t pixel = i / OUT % (SIDE * SIDE);
        double styles[IN];
        plain_styles(&layer.affine, w, n, styles);
        const double sum =
            plain_convolution(x, layer.weight, n, pixel / SIDE, pixel % SIDE, i % OUT, styles) *
            plain_demodulation(layer.weight, i % OUT, styles);
        const double noise = 0.3 * sg_tensor_value(layer.noise.constant, pixel);
        assert_close(sg_tensor_value(y, i),
                     plain_leaky_relu(sum + noise + sg_tensor_value(layer.bias, i % OUT)), 1e-7);
    }
}

static void colours_follow_the_formula(void **state)
{
    sg_context *context = *state;
    const sg_to_rgb_layer layer = {
        .affine = {.weight = random_tensor(context, SG_F64, SG_SHAPE(IN, W_DIM), 1),
                   .bias = random_tensor(context, SG_F64, SG_SHAPE(IN), 2),
                   .weight_gain = 0.7,
                   .bias_gain = 1},
        .weight = random_tensor(context, SG_F64, SG_SHAPE(3, IN, 1, 1), 3),
        .bias = random_tensor(context, SG_F64, SG_SHAPE(3), 4),
        .weight_gain = 0.6,
        .clamp = 0.8};
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, SIDE, SIDE, IN), 5);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, W_DIM), 6);
    const sg_tensor *y = sg_to_rgb_layer_forward(&layer, x, w, NULL);
    assert_non_null(y);
    for (int64_t i = 0; i < sg_tensor_count(y); i++) {
        const int64_t n = i / (SIDE * SIDE * 3);
        const int64_t pixel = i / 3 % (SIDE * SIDE);
        double styles[IN];
        plain_styles(&layer.affine, w, n, styles);
        const double sum =
            0.6 * plain_convolution(x, layer.weight, n, pixel / SIDE, pixel % SIDE, i % 3, styles) +
            sg_tensor_value(layer.bias, i % 3);
        assert_close(sg_tensor_value(y, i), fmax(fmin(sum, 0.8), -0.8), 1e-12);
    }
}

static bool equal_values(const sg_tensor *a, const sg_tensor *b)
{
    for (int64_t i = 0; i < sg_tensor_count(a); i++)
        if (sg_tensor_value(a, i) != sg_tensor_value(b, i))
            return false;
    return true;
}

static void noise_comes_from_where_it_is_asked(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F64, 3);
    const sg_synthesis_layer layer = create_layer(&set, 1, true);
    sg_tensor_set_value(layer.noise.strength, 0, 0.5);
    sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(2, 16, 32, 20), 1);
    sg_tensor *w = sg_tensor_full(context, SG_F64, SG_SHAPE(2, 40), 1);
    sg_tensor *results[5];
    sg_random random = sg_random_stream(1, 2);
    for (int i = 0; i < 5; i++) {
        if (i == 4)
            random = sg_random_stream(1, 2);
        const sg_noise_mode mode = i == 0   ? SG_NOISE_NONE
                                   : i == 1 ? SG_NOISE_CONST
                                            : SG_NOISE_RANDOM;
        results[i] = sg_synthesis_layer_forward(
            &layer, x, w, 1, (sg_synthesis_options){.noise_mode = mode, .random = &random});
        assert_non_null(results[i]);
    }
    assert_false(equal_values(results[0], results[1]));
    assert_false(equal_values(results[1], results[2]));
    assert_false(equal_values(results[2], results[3]));
    assert_true(equal_values(results[2], results[4]));
    /* Samples with the same x and w: stored noise leaves them alike, random noise does not. */
    const int64_t half = sg_tensor_count(results[0]) / 2;
    assert_true(sg_tensor_value(results[1], 0) == sg_tensor_value(results[1], half));
    assert_false(sg_tensor_value(results[2], 0) == sg_tensor_value(results[2], half));
    sg_parameter_set_clear(&set);
}

static void missing_inputs_give_nothing(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F64, 3);
    const sg_synthesis_layer layer = create_layer(&set, 1, false);
    sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 16, 32, 20), 1);
    sg_tensor *w = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 41), 1);
    const sg_synthesis_options options = {.noise_mode = SG_NOISE_NONE};
    assert_null(sg_synthesis_layer_forward(&layer, NULL, w, 1, options));
    assert_null(sg_synthesis_layer_forward(&layer, x, NULL, 1, options));
    assert_refused(context, sg_synthesis_layer_forward(&layer, x, w, 1, options), SG_ERROR_SHAPE);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_right),
        cmocka_unit_test(derivatives_are_right_with_noise_off),
        cmocka_unit_test(derivatives_to_colours_are_right),
        WITH_CONTEXT(layers_start_as_published),
        WITH_CONTEXT(layers_without_noise_have_no_noise_tensors),
        WITH_CONTEXT(colours_start_as_published),
        WITH_CONTEXT(outputs_follow_the_paper),
        WITH_CONTEXT(colours_follow_the_formula),
        WITH_CONTEXT(noise_comes_from_where_it_is_asked),
        WITH_CONTEXT(missing_inputs_give_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
