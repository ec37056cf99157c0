/* Max pooling: values, which of equal maxima gets the gradient, odd sides, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/gradient.h"
#include "ops/max_pool.h"
#include "support/gradient_check.h"

static sg_tensor *run_pool(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context, (void)options;
    return sg_max_pool(in[0]);
}

static void test_derivatives(void **state)
{
    (void)state;
    const gradient_case cases[] = {
        {"even sides", run_pool, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(2, 4, 6, 3)}}, 1},
        {"odd sides", run_pool, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 5, 3, 2)}}, 2},
        {"one result", run_pool, NULL, {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 2, 3, 1)}}, 3},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof cases[0]);
}

/* Two channels of 3x5 pixels: the maxima by hand; the last row and column do not count. */
static void test_maxima(void **state)
{
    (void)state;
    sg_context *context = sg_context_create(1);
    size_t scope = sg_scope_open(context);
    const float values[] = {1,  -1, 2,  -2, 7,  -7, 6, -6, 99, 99, 3, -3, 0, -4, 5,
                            -5, 8,  -8, 99, 99, 9,  9, 9,  9,  9,  9, 9,  9, 99, 99};
    const float expected[] = {3, -1, 8, -5};
    sg_tensor *x = sg_tensor_from_floats(context, SG_F32, SG_SHAPE(1, 3, 5, 2), values);
    const sg_tensor *y = sg_max_pool(x);
    assert_int_equal(sg_tensor_count(y), 4);
    for (int i = 0; i < 4; i++)
        assert_float_equal(sg_tensor_value(y, i), expected[i], 0);
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

static void test_the_first_of_equal_maxima_gets_the_gradient(void **state)
{
    (void)state;
    sg_context *context = sg_context_create(1);
    size_t scope = sg_scope_open(context);
    context->recording = true;
    const float values[] = {0, 4, 4, 4};
    sg_tensor *x = sg_tensor_from_floats(context, SG_F32, SG_SHAPE(1, 2, 2, 1), values);
    sg_tensor *gradient = NULL;
    sg_tensor_require_gradient(x, true);
    assert_int_equal(sg_gradient(sg_max_pool(x), NULL, &x, 1, (sg_gradient_options){0}, &gradient),
                     SG_OK);
    for (int i = 0; i < 4; i++)
        assert_float_equal(sg_tensor_value(gradient, i), i == 1, 0);
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

static void test_ranks_other_than_four_are_refused(void **state)
{
    (void)state;
    sg_context *context = sg_context_create(1);
    size_t scope = sg_scope_open(context);
    sg_error error = {0};
    assert_null(sg_max_pool(sg_tensor_full(context, SG_F32, SG_SHAPE(2, 2, 1), 0)));
    assert_int_equal(sg_context_take_error(context, &error), SG_ERROR_SHAPE);
    sg_scope_close(context, scope, NULL);
    sg_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_maxima),
        cmocka_unit_test(test_the_first_of_equal_maxima_gets_the_gradient),
        cmocka_unit_test(test_ranks_other_than_four_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
