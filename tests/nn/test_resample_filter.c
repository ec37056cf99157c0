/* The resampling filter's buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/resample_filter.h"
#include "support/close.h"
#include "support/parameters.h"
#include "support/tensors.h"

static void the_usual_filter_is_a_product_over_64(void **state)
{
    static const expected_parameter expected[] = {{"b8.resample_filter", false, {2, {4, 4}}}};
    static const float taps[] = {1, 3, 3, 1};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 0);
    const sg_tensor *filter = sg_resample_filter_create(&set, "b8", taps, 4);
    assert_parameters(&set, expected, 1);
    for (int i = 0; i < 16; i++)
        assert_close(sg_tensor_value(filter, i), (double)taps[i / 4] * (double)taps[i % 4] / 64,
                     1e-16);
    sg_parameter_set_clear(&set);
}

static void unsymmetric_taps_add_up_to_one(void **state)
{
    static const float taps[] = {1, 2, -5, 8, 0.5f};
    sg_parameter_set set;
    sg_parameter_set_init(&set, *state, SG_F64, 0);
    const sg_tensor *filter = sg_resample_filter_create(&set, "b", taps, 5);
    double sum = 0;
    for (int i = 0; i < 25; i++)
        sum += sg_tensor_value(filter, i);
    assert_close(sum, 1, 1e-12);
    assert_close(sg_tensor_value(filter, 1 * 5 + 2), -10 / 42.25, 1e-12);
    sg_parameter_set_clear(&set);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(the_usual_filter_is_a_product_over_64),
        WITH_CONTEXT(unsymmetric_taps_add_up_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
