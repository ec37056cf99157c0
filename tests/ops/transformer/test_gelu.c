/* GELUs: derivatives of every order, known values, single precision against the definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/transformer/gelu.h"
#include "support/close.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static sg_tensor *run(sg_context *context, sg_tensor *const *in, const void *options)
{
    const int *kind_and_order = options;
    (void)context;
    return sg_gelu(in[0], (sg_gelu_kind)kind_and_order[0], kind_and_order[1]);
}

static void test_derivatives(void **state)
{
    (void)state;
    static const int options[][2] = {
        {SG_QUICK_GELU, 0}, {SG_EXACT_GELU, 0}, {SG_QUICK_GELU, 1}, {SG_EXACT_GELU, 1}};
    static const gradient_case cases[] = {
        {"quick", run, options[0], {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}}, 1},
        {"exact", run, options[1], {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}}, 2},
        {"slope of quick", run, options[2], {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}}, 3},
        {"slope of exact", run, options[3], {{GRADIENT_SIGNED, GRADIENT_SHAPE(3, 4)}}, 4},
    };
    assert_all_gradients_right(cases, sizeof cases / sizeof *cases);
}

static double value_at(sg_context *context, sg_gelu_kind kind, double x)
{
    sg_tensor *y = sg_gelu(sg_tensor_full(context, SG_F64, SG_SHAPE(1), x), kind, 0);
    return sg_tensor_value(y, 0);
}

/* Values of torch.nn.functional.gelu and of x * torch.sigmoid(1.702 * x). */
static void test_known_values(void **state)
{
    sg_context *context = *state;
    assert_close(value_at(context, SG_EXACT_GELU, 1), 0.8413447460685429, 1e-15);
    assert_close(value_at(context, SG_EXACT_GELU, -2), -0.04550026389635842, 1e-15);
    assert_close(value_at(context, SG_QUICK_GELU, 1), 0.8457957659328212, 1e-15);
    assert_close(value_at(context, SG_QUICK_GELU, -2), -0.06434137685579186, 1e-15);
}

static void test_single_precision_is_the_definition_rounded(void **state)
{
    sg_context *context = *state;
    for (int kind = SG_QUICK_GELU; kind <= SG_EXACT_GELU; kind++)
        for (int order = 0; order <= SG_GELU_MAX_ORDER; order++)
            for (int step = -33; step <= 33; step++) {
                const double x = step * 0.375;
                sg_tensor *in = sg_tensor_full(context, SG_F32, SG_SHAPE(2), x);
                sg_tensor *wide = sg_tensor_full(context, SG_F64, SG_SHAPE(2), x);
                sg_tensor *y = sg_gelu(in, (sg_gelu_kind)kind, order);
                sg_tensor *expected = sg_gelu(wide, (sg_gelu_kind)kind, order);
                assert_close(sg_tensor_value(y, 1), sg_tensor_value(expected, 1),
                             1e-6 * fmax(1, fabs(x)));
            }
}

static void test_far_values_stay_finite(void **state)
{
    sg_context *context = *state;
    for (int kind = SG_QUICK_GELU; kind <= SG_EXACT_GELU; kind++)
        for (int order = 0; order < 2; order++) {
            sg_tensor *in = sg_tensor_full(context, SG_F32, SG_SHAPE(1), -1000);
            assert_true(fabs(sg_tensor_value(sg_gelu(in, (sg_gelu_kind)kind, order), 0)) < 1e-30);
            in = sg_tensor_full(context, SG_F32, SG_SHAPE(1), 1000);
            assert_close(sg_tensor_value(sg_gelu(in, (sg_gelu_kind)kind, order), 0),
                         order ? 1 : 1000, 1e-4);
        }
}

static void test_an_order_too_high_is_refused(void **state)
{
    sg_context *context = *state;
    sg_tensor *x = sg_tensor_full(context, SG_F32, SG_SHAPE(1), 1);
    assert_refused(context, sg_gelu(x, SG_QUICK_GELU, 4), SG_ERROR_ARGUMENT);
    assert_refused(context, sg_gelu(x, SG_QUICK_GELU, -1), SG_ERROR_ARGUMENT);
    assert_null(sg_gelu(NULL, SG_QUICK_GELU, 0));
}

#define IN_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),
        IN_CONTEXT(test_known_values),
        IN_CONTEXT(test_single_precision_is_the_definition_rounded),
        IN_CONTEXT(test_far_values_stay_finite),
        IN_CONTEXT(test_an_order_too_high_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
