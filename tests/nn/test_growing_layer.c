/* Layers that grow: derivatives, official values of their steps, the formula, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/growing_layer.h"
#include "nn/resample_filter.h"
#include "ops/upfirdn.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/stored_values.h"
#include "support/tensors.h"

enum { SIDE = 3, IN = 2, OUT = 3, W_DIM = 2, SAMPLES = 2 };

static sg_tensor *filter_of(sg_context *context, sg_dtype dtype, const float *taps, int count)
{
    sg_tensor *filter = sg_tensor_create(context, dtype, SG_SHAPE(count, count));
    assert_non_null(filter);
    sg_resample_filter_fill(filter, taps);
    return filter;
}

static sg_tensor *box_filter(sg_context *context, sg_dtype dtype)
{
    return filter_of(context, dtype, (float[]){1, 1}, 2);
}

static sg_tensor *blur_filter(sg_context *context, sg_dtype dtype)
{
    return filter_of(context, dtype, (float[]){1, 2, 1}, 3);
}

typedef struct layer_kind {
    const char *name;
    bool convolves, has_style, reversed, blurs;
    int up;
} layer_kind;

/* A layer whose tensors are to be put in. */
static sg_growing_layer bare_layer(sg_context *context, const layer_kind *kind)
{
    const int side = SIDE * kind->up;
    return (sg_growing_layer){
        .convolves = kind->convolves,
        .has_style = kind->has_style,
        .epsilon = 1e-8,
        .convolution = {.options = {.up = kind->up,
                                    .down = 1,
                                    .kernel_size = 3,
                                    .reversed = kind->reversed,
                                    .filter = box_filter(context, SG_F64),
                                    .blur = kind->blurs ? blur_filter(context, SG_F64) : NULL},
                        .weight_gain = 0.6},
        .noise = {.constant = kind->has_style
                                  ? random_tensor(context, SG_F64, SG_SHAPE(side, side), 21)
                                  : NULL,
                  .height = side,
                  .width = side},
        .activation = SG_LRELU,
        .affine = {.weight_gain = 0.7, .bias_gain = 1, .activation = SG_LINEAR}};
}

/* Inputs: x, w, weight, noise strength, bias, affine.weight. */
static sg_tensor *run_styled(sg_context *context, sg_tensor *const *in, const void *options)
{
    const layer_kind *kind = options;
    sg_growing_layer layer = bare_layer(context, kind);
    layer.convolution.weight = in[2];
    layer.noise.strength = in[3];
    layer.bias = in[4];
    layer.affine.weight = in[5];
    layer.affine.bias = random_tensor(context, SG_F64, SG_SHAPE(2 * OUT), 22);
    return sg_growing_layer_forward(&layer, in[0], in[1],
                                    (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

/* Inputs: x, weight, bias. */
static sg_tensor *run_pixelwise(sg_context *context, sg_tensor *const *in, const void *options)
{
    sg_growing_layer layer = bare_layer(context, options);
    layer.convolution.weight = in[1];
    layer.bias = in[2];
    return sg_growing_layer_forward(&layer, in[0], NULL, (sg_synthesis_options){0});
}

static void derivatives_are_right(void **state)
{
    (void)state;
    static const layer_kind kinds[] = {
        {"style", true, true, false, false, 1},
        {"style, up and blurred", true, true, false, true, 2},
        {"style, fused up and blurred", true, true, true, true, 2},
        {"style of a constant", false, true, false, false, 1},
        {"pixelwise", true, false, false, false, 1},
        {"pixelwise, fused up", true, false, true, false, 2},
        {"pixelwise without convolution", false, false, false, false, 1},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const layer_kind *kind = &kinds[i];
        const int in = kind->convolves ? IN : OUT;
        const gradient_values weight = kind->convolves ? GRADIENT_SIGNED : GRADIENT_ABSENT;
        gradient_case tested = {.name = kind->name, .options = kind, .seed = 40 + i};
        tested.inputs[0] = (gradient_input){GRADIENT_SIGNED, {4, {SAMPLES, SIDE, SIDE, in}}};
        const gradient_input weights = {weight, {4, {OUT, IN, 3, 3}}};
        const gradient_input bias = {GRADIENT_SIGNED, GRADIENT_SHAPE(OUT)};
        tested.function = kind->has_style ? run_styled : run_pixelwise;
        if (kind->has_style) {
            tested.inputs[1] = (gradient_input){GRADIENT_SIGNED, GRADIENT_SHAPE(SAMPLES, W_DIM)};
            tested.inputs[2] = weights;
            tested.inputs[3] = bias;
            tested.inputs[4] = bias;
            tested.inputs[5] = (gradient_input){GRADIENT_SIGNED, GRADIENT_SHAPE(2 * OUT, W_DIM)};
        } else {
            tested.inputs[1] = weights;
            tested.inputs[2] = bias;
        }
        assert_gradients_right(&tested);
    }
}

static sg_convolution_layer official_convolution(sg_tensor *weight, sg_tensor *filter, int up,
                                                 int down, bool reversed)
{
    return (sg_convolution_layer){.options = {.kernel_size = 3,
                                              .filter = filter,
                                              .up = up,
                                              .down = down,
                                              .reversed = reversed},
                                  .weight = weight,
                                  .weight_gain = sqrt(2) / sqrt(2 * 3 * 3)};
}

/* Up unfused and fused, whose kernel is reversed; down, where both are the same. */
static void resampling_convolutions_are_the_official_ones(void **state)
{
    sg_context *context = *state;
    sg_safetensors *file = open_golden_values("sg1/ops.safetensors");
    for (int dtype = SG_F32; dtype <= SG_F64; dtype++) {
        const sg_dtype type = (sg_dtype)dtype;
        sg_tensor *box = box_filter(context, type);
        sg_tensor *x = stored_picture(context, type, file, "upconv.x");
        sg_tensor *weight = stored_tensor(context, type, file, "upconv.weight");
        const sg_convolution_layer unfused = official_convolution(weight, box, 2, 1, false);
        const sg_convolution_layer fused = official_convolution(weight, box, 2, 1, true);
        assert_tensors_near("up", sg_convolution_layer_convolve(&unfused, x),
                            stored_picture(context, type, file, "upconv.y_unfused"), 1e-6);
        assert_tensors_near("fused up", sg_convolution_layer_convolve(&fused, x),
                            stored_picture(context, type, file, "upconv.y_fused"), 1e-6);
        x = stored_picture(context, type, file, "convdown.x");
        weight = stored_tensor(context, type, file, "convdown.weight");
        const sg_convolution_layer down = official_convolution(weight, box, 1, 2, false);
        sg_tensor *y = sg_convolution_layer_convolve(&down, x);
        assert_tensors_near("down", y, stored_picture(context, type, file, "convdown.y_unfused"),
                            1e-6);
        assert_tensors_near("fused down", y,
                            stored_picture(context, type, file, "convdown.y_fused"), 1e-6);
    }
    sg_safetensors_close(file);
}

/* After upsampling, before downsampling. */
static void the_blur_is_the_official_one(void **state)
{
    sg_context *context = *state;
    sg_safetensors *file = open_golden_values("sg1/ops.safetensors");
    sg_tensor *blur = blur_filter(context, SG_F64);
    const sg_upfirdn_options in_place = sg_downsample_options(&blur->shape, 1);
    assert_tensors_near("blur",
                        sg_upfirdn(stored_picture(context, SG_F64, file, "blur.x"), blur, in_place),
                        stored_picture(context, SG_F64, file, "blur.y"), 1e-6);
    for (int up = 1; up <= 2; up++) {
        sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(1, 4, 6, IN), 1);
        sg_convolution_layer layer =
            official_convolution(random_tensor(context, SG_F64, SG_SHAPE(OUT, IN, 3, 3), 2),
                                 box_filter(context, SG_F64), up, 3 - up, false);
        sg_tensor *sharp =
            sg_convolution_layer_convolve(&layer, up > 1 ? x : sg_upfirdn(x, blur, in_place));
        layer.options.blur = blur;
        assert_tensors_near("place of the blur", sg_convolution_layer_convolve(&layer, x),
                            up > 1 ? sg_upfirdn(sharp, blur, in_place) : sharp, 1e-14);
    }
    sg_safetensors_close(file);
}

/* The bias and noise, without convolution, at pixel `at` of sample n and channel c. */
static double plain_activation(const sg_growing_layer *layer, const sg_tensor *x, int n, int at,
                               int c)
{
    const double sum =
        sg_tensor_value(x, (n * SIDE * SIDE + at) * OUT + c) +
        sg_tensor_value(layer->noise.constant, at) * sg_tensor_value(layer->noise.strength, c) +
        sg_tensor_value(layer->bias, c);
    return sum > 0 ? sum : 0.2 * sum; /* the gain is in the weights */
}

/* The affine layer's output `out` for sample n. */
static double plain_style(const sg_growing_layer *layer, const sg_tensor *w, int n, int out)
{
    double sum = sg_tensor_value(layer->affine.bias, out);
    for (int i = 0; i < W_DIM; i++)
        sum += 0.7 * sg_tensor_value(layer->affine.weight, out * W_DIM + i) *
               sg_tensor_value(w, n * W_DIM + i);
    return sum;
}

static void styles_follow_the_formula(void **state)
{
    enum { PIXELS = SIDE * SIDE };
    sg_context *context = *state;
    static const layer_kind kind = {"", false, true, false, false, 1};
    sg_growing_layer layer = bare_layer(context, &kind);
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, SIDE, SIDE, OUT), 1);
    sg_tensor *w = random_tensor(context, SG_F64, SG_SHAPE(SAMPLES, W_DIM), 2);
    layer.noise.strength = random_tensor(context, SG_F64, SG_SHAPE(OUT), 3);
    layer.bias = random_tensor(context, SG_F64, SG_SHAPE(OUT), 4);
    layer.affine.weight = random_tensor(context, SG_F64, SG_SHAPE(2 * OUT, W_DIM), 5);
    layer.affine.bias = random_tensor(context, SG_F64, SG_SHAPE(2 * OUT), 6);
    const sg_tensor *y = sg_growing_layer_forward(
        &layer, x, w, (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    assert_non_null(y);
    for (int n = 0; n < SAMPLES; n++)
        for (int c = 0; c < OUT; c++) {
            double mean = 0;
            double variance = 0;
            for (int at = 0; at < PIXELS; at++)
                mean += plain_activation(&layer, x, n, at, c) / PIXELS;
            for (int at = 0; at < PIXELS; at++)
                variance += pow(plain_activation(&layer, x, n, at, c) - mean, 2) / PIXELS;
            for (int at = 0; at < PIXELS; at++)
                assert_close(sg_tensor_value(y, (n * PIXELS + at) * OUT + c),
                             (plain_activation(&layer, x, n, at, c) - mean) /
                                     sqrt(variance + 1e-8) * (plain_style(&layer, w, n, c) + 1) +
                                 plain_style(&layer, w, n, OUT + c),
                             1e-12);
        }
}

static void layers_start_as_published(void **state)
{
    static const expected_parameter expected[] = {
        {"a.weight", true, {4, {30, 20, 3, 3}}},
        {"a.noise_const", false, {2, {8, 8}}},
        {"a.noise_strength", true, {1, {30}}},
        {"a.bias", true, {1, {30}}},
        {"a.affine.weight", true, {2, {60, 12}}},
        {"a.affine.bias", true, {1, {60}}},
        {"b.bias", true, {1, {30}}},
    };
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    sg_growing_layer_options options = {.in_channels = 20,
                                        .epsilon = 1e-8,
                                        .out_channels = 30,
                                        .height = 8,
                                        .width = 8,
                                        .up = 1,
                                        .use_noise = true,
                                        .w_dim = 12,
                                        .activation = SG_LRELU};
    const sg_growing_layer styled = sg_growing_layer_create(&set, "a", options);
    options.in_channels = options.w_dim = 0;
    options.use_noise = false;
    sg_growing_layer_create(&set, "b", options);
    assert_parameters(&set, expected, 7);
    assert_normal_values(styled.convolution.weight, 1);
    assert_normal_values(styled.noise.constant, 1);
    assert_all_values(styled.noise.strength, 0);
    assert_all_values(styled.affine.bias, 0);
    assert_close(styled.convolution.weight_gain, sqrt(2) / sqrt(20 * 9), 1e-15);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(derivatives_are_right),
        WITH_CONTEXT(resampling_convolutions_are_the_official_ones),
        WITH_CONTEXT(the_blur_is_the_official_one),
        WITH_CONTEXT(styles_follow_the_formula),
        WITH_CONTEXT(layers_start_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
