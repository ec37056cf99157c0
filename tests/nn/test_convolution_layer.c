/* Convolution layers: derivatives in every mode, the formula, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/convolution_layer.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/plain_convolution.h"
#include "support/tensors.h"

/* A layer without tensors, and the gain it is run with. */
typedef struct convolution_kind {
    const char *name;
    int kernel, up, down;
    bool bias;
    double clamp, gain;
    sg_activation activation;
} convolution_kind;

static sg_convolution_layer layer_of(const convolution_kind *kind, sg_tensor *weight,
                                     sg_tensor *bias, sg_tensor *filter)
{
    return (sg_convolution_layer){.options = {.kernel_size = kind->kernel,
                                              .filter = filter,
                                              .up = kind->up,
                                              .down = kind->down,
                                              .reversed = kind->up > 1,
                                              .clamp = kind->clamp,
                                              .activation = kind->activation},
                                  .weight = weight,
                                  .bias = bias,
                                  .weight_gain = 0.6};
}

/* Inputs: x, weight, bias, filter. */
static sg_tensor *run_layer(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const convolution_kind *kind = options;
    const sg_convolution_layer layer = layer_of(kind, in[1], in[2], in[3]);
    return sg_convolution_layer_forward(&layer, in[0], kind->gain);
}

static void derivatives_are_right(void **state)
{
    (void)state;
    static const convolution_kind kinds[] = {
        {"3x3", 3, 1, 1, true, -1, 1, SG_LRELU},
        {"3x3 without bias", 3, 1, 1, false, -1, 0.7, SG_LINEAR},
        {"1x1", 1, 1, 1, true, -1, 1, SG_LRELU},
        {"3x3 clamped", 3, 1, 1, true, 0.9, 0.7, SG_LRELU},
        {"3x3 down", 3, 1, 2, true, -1, 0.7, SG_LRELU},
        {"1x1 down, a shortcut", 1, 1, 2, false, -1, 0.7, SG_LINEAR},
        {"3x3 up", 3, 2, 1, true, -1, 1, SG_LRELU},
        {"1x1 up, a shortcut", 1, 2, 1, false, -1, 0.7, SG_LINEAR},
        {"3x3 up, swish", 3, 2, 1, true, -1, 1, SG_SWISH},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const convolution_kind *kind = &kinds[i];
        const gradient_values bias = kind->bias ? GRADIENT_SIGNED : GRADIENT_ABSENT;
        const gradient_case tested = {
            .name = kind->name,
            .function = run_layer,
            .options = kind,
            .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4, 2, 2)},
                       {GRADIENT_SIGNED, {4, {3, 2, kind->kernel, kind->kernel}}},
                       {bias, GRADIENT_SHAPE(3)},
                       {GRADIENT_CONSTANT, GRADIENT_SHAPE(4, 4)}},
            .seed = 80 + i};
        assert_gradients_right(&tested);
    }
}

static const float taps[] = {1, 3, 3, 1};

static sg_convolution_layer_options options_of(int kernel, int up, int down, bool bias)
{
    return (sg_convolution_layer_options){.in_channels = 20,
                                          .out_channels = 30,
                                          .kernel_size = kernel,
                                          .up = up,
                                          .down = down,
                                          .bias = bias,
                                          .reversed = up > 1,
                                          .activation = SG_LRELU,
                                          .clamp = -1,
                                          .taps = taps,
                                          .tap_count = 4};
}

static void layers_start_as_published(void **state)
{
    static const expected_parameter expected[] = {{"b8.conv0.weight", true, {4, {30, 20, 3, 3}}},
                                                  {"b8.conv0.bias", true, {1, {30}}},
                                                  {"b8.conv0.resample_filter", false, {2, {4, 4}}},
                                                  {"b8.skip.weight", true, {4, {30, 20, 1, 1}}},
                                                  {"b8.skip.resample_filter", false, {2, {4, 4}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_convolution_layer conv =
        sg_convolution_layer_create(&set, "b8.conv0", options_of(3, 1, 2, true));
    const sg_convolution_layer skip =
        sg_convolution_layer_create(&set, "b8.skip", options_of(1, 1, 2, false));
    assert_parameters(&set, expected, 5);
    assert_normal_values(conv.weight, 1);
    assert_all_values(conv.bias, 0);
    assert_close(conv.weight_gain, 1 / sqrt(180), 1e-15);
    assert_close(skip.weight_gain, 1 / sqrt(20), 1e-15);
    assert_int_equal(conv.options.kernel_size, 3);
    assert_int_equal(skip.options.kernel_size, 1);
    assert_null(skip.bias);
    sg_parameter_set_clear(&set);
}

static void outputs_follow_the_formula(void **state)
{
    sg_context *context = *state;
    static const int kernels[] = {1, 3};
    for (int k = 0; k < 2; k++) {
        const convolution_kind kind = {"", kernels[k], 1, 1, true, -1, 0.5, SG_LRELU};
        const sg_convolution_layer layer = layer_of(
            &kind, random_tensor(context, SG_F64, SG_SHAPE(3, 2, kernels[k], kernels[k]), 1),
            random_tensor(context, SG_F64, SG_SHAPE(3), 2), NULL);
        sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 5, 4, 2), 3);
        const sg_tensor *y = sg_convolution_layer_forward(&layer, x, 0.5);
        assert_non_null(y);
        for (int64_t i = 0; i < sg_tensor_count(y); i++) {
            const double sum = 0.6 * plain_convolution(x, layer.weight, i / 60, i / 12 % 5,
                                                       i / 3 % 4, i % 3, NULL) +
                               sg_tensor_value(layer.bias, i % 3);
            assert_close(sg_tensor_value(y, i), 0.5 * plain_leaky_relu(sum), 1e-13);
        }
    }
}

/* A picture of one colour stays so away from the border, with the weights' sum as the factor. */
static void resampling_keeps_plain_colours(void **state)
{
    sg_context *context = *state;
    static const int factors[][2] = {{2, 1}, {1, 2}};
    for (int f = 0; f < 4; f++) {
        const int *factor = factors[f % 2];
        sg_parameter_set set;
        sg_parameter_set_init(&set, context, SG_F64, 5);
        sg_convolution_layer_options options =
            options_of(f < 2 ? 3 : 1, factor[0], factor[1], true);
        options.in_channels = options.out_channels = 1;
        const sg_convolution_layer layer = sg_convolution_layer_create(&set, "c", options);
        sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 12, 12, 1), 1);
        const sg_tensor *y = sg_convolution_layer_forward(&layer, x, 1);
        double sum = 0;
        for (int64_t i = 0; i < sg_tensor_count(layer.weight); i++)
            sum += sg_tensor_value(layer.weight, i);
        const int64_t side = 12 * factor[0] / factor[1];
        const sg_shape expected = SG_SHAPE(1, side, side, 1);
        assert_true(y && sg_shape_equal(&y->shape, &expected));
        assert_close(sg_tensor_value(y, side * side / 2 + side / 2),
                     plain_leaky_relu(sum * layer.weight_gain), 1e-12);
        sg_parameter_set_clear(&set);
    }
}

static void the_gain_scales_the_clamp(void **state)
{
    sg_context *context = *state;
    const convolution_kind kind = {"", 3, 1, 1, true, 0.1, 0.5, SG_LRELU};
    const sg_convolution_layer layer =
        layer_of(&kind, random_tensor(context, SG_F64, SG_SHAPE(3, 2, 3, 3), 1), NULL, NULL);
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(2, 5, 4, 2), 3);
    const sg_tensor *y = sg_convolution_layer_forward(&layer, x, 0.5);
    double largest = 0;
    for (int64_t i = 0; i < sg_tensor_count(y); i++)
        largest = fmax(largest, fabs(sg_tensor_value(y, i)));
    assert_close(largest, 0.05, 1e-15);
}

static void the_path_without_tape_agrees(void **state)
{
    sg_context *context = *state;
    const convolution_kind kind = {"", 3, 1, 2, true, 0.5, 0.7, SG_LRELU};
    const sg_convolution_layer layer =
        layer_of(&kind, random_leaf(context, SG_F32, SG_SHAPE(3, 2, 3, 3), 1),
                 random_leaf(context, SG_F32, SG_SHAPE(3), 2),
                 random_tensor(context, SG_F32, SG_SHAPE(4, 4), 4));
    sg_tensor *x = random_leaf(context, SG_F32, SG_SHAPE(2, 6, 4, 2), 3);
    sg_tensor *recorded = sg_convolution_layer_forward(&layer, x, 0.7);
    context->recording = false;
    assert_tensors_near("without tape", sg_convolution_layer_forward(&layer, x, 0.7), recorded,
                        1e-5);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_right),  WITH_CONTEXT(layers_start_as_published),
        WITH_CONTEXT(outputs_follow_the_formula), WITH_CONTEXT(resampling_keeps_plain_colours),
        WITH_CONTEXT(the_gain_scales_the_clamp),  WITH_CONTEXT(the_path_without_tape_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
