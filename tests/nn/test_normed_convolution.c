/* Convolutions with normalisation: derivatives of both directions, shapes, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/normed_convolution.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

/* Inputs: x, weight; bias without normalisation, else gain and bias. */
static sg_tensor *run(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    const sg_normed_convolution *settings = options;
    sg_normed_convolution layer = *settings;
    layer.weight = in[1];
    layer.bias = layer.norm.kind == SG_NORM_NONE ? in[2] : NULL;
    layer.norm.weight = in[2];
    layer.norm.bias = in[3];
    layer.activation = sg_bias_act_defaults(SG_TANH);
    return sg_normed_convolution_forward(&layer, in[0], (sg_norm_pass){.batch_moments = true});
}

static void test_derivatives(void **state)
{
    (void)state;
    static const sg_normed_convolution halving = {
        .stride = 2, .padding = 1, .norm = {.kind = SG_NORM_LAYER}};
    static const sg_normed_convolution doubling = {
        .transposed = true, .stride = 2, .padding = 1, .norm = {.kind = SG_NORM_BATCH}};
    static const sg_normed_convolution first = {
        .transposed = true, .stride = 1, .norm = {.kind = SG_NORM_NONE}};
    static const gradient_case cases[] = {
        {"halving",
         run,
         &halving,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4, 4, 2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3, 2, 4, 4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
         1},
        {"doubling",
         run,
         &doubling,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 2, 2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 4, 4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)}},
         2},
        {"first",
         run,
         &first,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 1, 1, 3)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3, 2, 4, 4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(2)}},
         3},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

static void test_sizes_halve_and_double(void **state)
{
    sg_context *context = *state;
    sg_parameter_set set;
    sg_parameter_set_init(&set, context, SG_F32, 1);
    for (int transposed = 0; transposed < 2; transposed++)
        for (int whole = 0; whole < 2; whole++) {
            const sg_normed_convolution layer = sg_normed_convolution_create(
                &set, transposed ? "up" : "down", whole ? "whole" : "part",
                (sg_normed_convolution_options){.in_channels = 2,
                                                .out_channels = 3,
                                                .transposed = transposed,
                                                .whole = whole,
                                                .norm = SG_NORM_NONE,
                                                .activation = SG_LRELU});
            const int side = transposed && whole ? 1 : 4;
            const int result = transposed ? (whole ? 4 : 8) : (whole ? 1 : 2);
            sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, side, side, 2), 1);
            const sg_tensor *y =
                sg_normed_convolution_forward(&layer, x, (sg_norm_pass){.batch_moments = true});
            const sg_shape expected = SG_SHAPE(2, result, result, 3);
            assert_true(y && sg_shape_equal(&y->shape, &expected));
            assert_non_null(layer.bias);
        }
    assert_non_null(sg_parameter_find(&set, "up.whole.weight"));
    assert_non_null(sg_parameter_find(&set, "down.part.bias"));
    sg_parameter_set_clear(&set);
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_sizes_halve_and_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
