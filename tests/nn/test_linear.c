/* Linear layers: derivatives, the formula, initial values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/linear.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/parameters.h"
#include "support/plain_convolution.h"
#include "support/tensors.h"

/* Inputs: x, weight, bias. */
static sg_tensor *run_linear(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    sg_linear layer = *(const sg_linear *)options;
    layer.weight = in[1];
    layer.bias = in[2];
    return sg_linear_forward(&layer, in[0]);
}

static void derivatives_are_right(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        sg_linear layer;
    } kinds[] = {
        {"linear", {.weight_gain = 0.7, .bias_gain = 1, .activation = SG_LINEAR}},
        {"leaky relu", {.weight_gain = 0.5, .bias_gain = 1, .activation = SG_LRELU}},
        {"slow leaky relu", {.weight_gain = 0.4, .bias_gain = 0.01, .activation = SG_LRELU}},
        {"swish", {.weight_gain = 0.9, .bias_gain = 0.5, .activation = SG_SWISH}},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const gradient_case tested = {.name = kinds[i].name,
                                      .function = run_linear,
                                      .options = &kinds[i].layer,
                                      .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)},
                                                 {GRADIENT_SIGNED, GRADIENT_SHAPE(5, 4)},
                                                 {GRADIENT_SIGNED, GRADIENT_SHAPE(5)}},
                                      .seed = 70 + i};
        assert_gradients_right(&tested);
    }
}

static void layers_start_as_published(void **state)
{
    static const expected_parameter expected[] = {{"fc.weight", true, {2, {60, 50}}},
                                                  {"fc.bias", true, {1, {60}}}};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 3);
    const sg_linear layer = sg_linear_create(&set, "", "fc",
                                             (sg_linear_options){.in_features = 50,
                                                                 .out_features = 60,
                                                                 .activation = SG_LRELU,
                                                                 .lr_multiplier = 0.01,
                                                                 .bias_init = 1});
    assert_parameters(&set, expected, 2);
    assert_normal_values(layer.weight, 100);
    assert_all_values(layer.bias, 1);
    assert_close(layer.weight_gain, 0.01 / sqrt(50), 1e-15);
    assert_close(layer.bias_gain, 0.01, 0);
    sg_parameter_set_clear(&set);
}

/* Neither the outputs' size at the start nor their bias depends on lr_multiplier. */
static void outputs_have_unit_variance_at_the_start(void **state)
{
    sg_context *context = *state;
    static const double multipliers[] = {1, 0.01};
    for (int m = 0; m < 2; m++) {
        sg_parameter_set set;
        sg_parameter_set_init(&set, context, SG_F64, 4);
        const sg_linear layer = sg_linear_create(
            &set, "", "fc",
            (sg_linear_options){
                .in_features = 64, .out_features = 2000, .lr_multiplier = multipliers[m]});
        sg_tensor *x = sg_tensor_full(context, SG_F64, SG_SHAPE(1, 64), 1);
        assert_normal_values(sg_linear_forward(&layer, x), 1);
        sg_parameter_set_clear(&set);
    }
}

static void outputs_follow_the_formula(void **state)
{
    sg_context *context = *state;
    const sg_linear layer = {.weight = random_tensor(context, SG_F64, SG_SHAPE(5, 4), 1),
                             .bias = random_tensor(context, SG_F64, SG_SHAPE(5), 2),
                             .weight_gain = 0.3,
                             .bias_gain = 0.2,
                             .activation = SG_LRELU};
    const sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(3, 4), 3);
    const sg_tensor *y = sg_linear_forward(&layer, (sg_tensor *)x);
    assert_non_null(y);
    for (int n = 0; n < 3; n++)
        for (int o = 0; o < 5; o++) {
            double sum = 0.2 * sg_tensor_value(layer.bias, o);
            for (int i = 0; i < 4; i++)
                sum +=
                    0.3 * sg_tensor_value(x, n * 4 + i) * sg_tensor_value(layer.weight, o * 4 + i);
            assert_close(sg_tensor_value(y, n * 5 + o), plain_leaky_relu(sum), 1e-14);
        }
}

static void inputs_of_another_width_are_refused(void **state)
{
    sg_context *context = *state;
    const sg_linear layer = {.weight = random_tensor(context, SG_F64, SG_SHAPE(5, 4), 1),
                             .bias = random_tensor(context, SG_F64, SG_SHAPE(5), 2),
                             .weight_gain = 1,
                             .bias_gain = 1};
    sg_tensor *x = random_tensor(context, SG_F64, SG_SHAPE(3, 6), 3);
    assert_refused(context, sg_linear_forward(&layer, x), SG_ERROR_SHAPE);
    assert_null(sg_linear_forward(&layer, NULL));
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_right),
        WITH_CONTEXT(layers_start_as_published),
        WITH_CONTEXT(outputs_have_unit_variance_at_the_start),
        WITH_CONTEXT(outputs_follow_the_formula),
        WITH_CONTEXT(inputs_of_another_width_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
