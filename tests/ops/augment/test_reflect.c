/* Padding by reflection: once, more often than the picture is wide, and of a single pixel. */
#include "ops/augment/reflect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ops/arithmetic.h"
#include "support/gradient_check.h"
#include "support/tensors.h"

static void assert_reflected(sg_context *context, int64_t size, int64_t before, int64_t after,
                             const double *expected)
{
    static const double values[] = {1, 2, 3};
    sg_tensor *x = leaf_of(context, SG_SHAPE(1, size, 1, 1), values);
    sg_tensor *y = sg_reflect(x, 1, before, after);
    assert_tensors_near("reflected", y,
                        leaf_of(context, SG_SHAPE(1, before + size + after, 1, 1), expected), 0);
}

static void test_values(void **state)
{
    assert_reflected(*state, 3, 0, 0, (double[]){1, 2, 3});
    assert_reflected(*state, 3, 2, 1, (double[]){3, 2, 1, 2, 3, 2});
    assert_reflected(*state, 3, 0, 2, (double[]){1, 2, 3, 2, 1});
    assert_reflected(*state, 3, 5, 0, (double[]){2, 1, 2, 3, 2, 1, 2, 3});
    assert_reflected(*state, 2, 2, 3, (double[]){1, 2, 1, 2, 1, 2, 1});
    assert_reflected(*state, 1, 2, 3, (double[]){1, 1, 1, 1, 1, 1});
}

static sg_tensor *reflect_twice(sg_context *context, sg_tensor *const *in, const void *options)
{
    (void)context, (void)options;
    return sg_power(sg_reflect(sg_reflect(in[0], 1, 4, 1), 2, 1, 2), 3);
}

static void test_derivatives(void **state)
{
    (void)state;
    assert_gradients_right(
        &(gradient_case){.name = "reflected and cubed",
                         .function = reflect_twice,
                         .inputs = {{GRADIENT_SIGNED, GRADIENT_SHAPE(1, 3, 4, 2)}},
                         .seed = 5});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, context_setup, context_teardown),
        cmocka_unit_test(test_derivatives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
