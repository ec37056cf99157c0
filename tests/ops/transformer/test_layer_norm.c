/* Layer normalisation: derivatives, moments, the composed operation, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "ops/normalize.h"
#include "ops/transformer/layer_norm.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *run(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context;
    return sg_layer_norm(in[0], in[1], in[2], *(const double *)options);
}

static void test_derivatives(void **state)
{
    (void)state;
    static const double small = 1e-5;
    static const double large = 0.3;
    static const gradient_case cases[] = {
        {"rows",
         run,
         &large,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(4)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(4)}},
         1},
        {"tokens of a constant weight",
         run,
         &small,
         {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 2, 3)},
          {GRADIENT_CONSTANT, GRADIENT_SHAPE(3)},
          {GRADIENT_CONSTANT, GRADIENT_SHAPE(3)}},
         2},
        {"a constant input",
         run,
         &small,
         {{GRADIENT_CONSTANT, GRADIENT_SHAPE(2, 3)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3)},
          {GRADIENT_SIGNED, GRADIENT_SHAPE(3)}},
         3},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

/* Rows of more and fewer values than the partial sums of the kernel. */
static void test_values_are_those_of_plain_operations(void **state)
{
    sg_context *context = *state;
    static const int64_t widths[] = {1, 5, 16, 37, 768};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        for (int dtype = SG_F32; dtype <= SG_F64; dtype++) {
            const int64_t width = widths[i];
            sg_tensor *x = random_tensor(context, (sg_dtype)dtype, SG_SHAPE(3, width), 1);
            sg_tensor *weight = random_tensor(context, (sg_dtype)dtype, SG_SHAPE(width), 2);
            sg_tensor *bias = random_tensor(context, (sg_dtype)dtype, SG_SHAPE(width), 3);
            sg_tensor *expected = sg_normalize_over(x, SG_SHAPE(3, 1), 1e-5);
            expected = sg_add(sg_multiply(expected, weight), bias);
            assert_tensors_near("layer norm", sg_layer_norm(x, weight, bias, 1e-5), expected,
                                dtype == SG_F32 ? 2e-6 : 1e-12);
        }
}

/* A mean much larger than the deviation leaves the deviation. */
static void test_a_large_mean_is_taken_off_first(void **state)
{
    sg_context *context = *state;
    static const float values[] = {10001, 10002, 10003, 10004};
    sg_tensor *x = sg_tensor_from_floats(context, SG_F32, SG_SHAPE(1, 4), values);
    sg_tensor *y = sg_layer_norm(x, sg_tensor_full(context, SG_F32, SG_SHAPE(4), 1),
                                 sg_tensor_full(context, SG_F32, SG_SHAPE(4), 0), 1e-5);
    assert_close(sg_tensor_value(y, 0), -1.3416354, 1e-5);
    assert_close(sg_tensor_value(y, 3), 1.3416354, 1e-5);
}

static void test_refuses_shapes_that_do_not_fit(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = random_tensor(context, SG_F32, SG_SHAPE(2, 3), 1);
    sg_tensor *row = random_tensor(context, SG_F32, SG_SHAPE(3), 1);
    sg_tensor *other = random_tensor(context, SG_F32, SG_SHAPE(2), 1);
    assert_refused(context, sg_layer_norm(x, other, row, 1e-5), SG_ERROR_SHAPE);
    assert_refused(context, sg_layer_norm(x, row, other, 1e-5), SG_ERROR_SHAPE);
    assert_null(sg_layer_norm(NULL, row, row, 1e-5));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_values_are_those_of_plain_operations),
        IN_CONTEXT(test_a_large_mean_is_taken_off_first),
        IN_CONTEXT(test_refuses_shapes_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
