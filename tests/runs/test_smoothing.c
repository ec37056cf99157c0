/* Moving averages: against sums written out, at ends and gaps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runs/smoothing.h"
#include "support/close.h"

enum { COUNT = 5 };

static void test_means_and_bands(void **state)
{
    (void)state;
    const double values[COUNT] = {1, 5, 3, 8, 0};
    double mean[COUNT];
    double low[COUNT];
    double high[COUNT];
    sg_smooth(values, COUNT, 3, mean, low, high);
    assert_close(mean[0], 3, 1e-12);
    assert_close(mean[1], 3, 1e-12);
    assert_close(mean[2], 16.0 / 3, 1e-12);
    assert_close(mean[4], 4, 1e-12);
    assert_close(low[1], 1, 0);
    assert_close(high[2], 8, 0);
    sg_smooth(values, COUNT, 1, mean, low, high);
    assert_close(mean[3], 8, 0);
    assert_close(low[3], high[3], 0);
    sg_smooth(values, COUNT, 2, mean, low, high);
    assert_close(mean[0], 1, 1e-12);
    assert_close(mean[1], 3, 1e-12);
    assert_close(mean[4], 4, 1e-12);
    sg_smooth(values, COUNT, 1000, mean, low, high);
    assert_close(mean[2], 17.0 / 5, 1e-12);
}

static void test_gaps_stay_and_do_not_count(void **state)
{
    (void)state;
    const double values[COUNT] = {1, NAN, 3, INFINITY, 4};
    double mean[COUNT];
    double low[COUNT];
    double high[COUNT];
    sg_smooth(values, COUNT, 5, mean, low, high);
    assert_true(isnan(mean[1]) && isnan(low[3]) && isnan(high[3]));
    assert_close(mean[2], 8.0 / 3, 1e-12);
    assert_close(high[0], 3, 0);
}

static void test_widths_are_odd_and_grow(void **state)
{
    (void)state;
    assert_int_equal(sg_smoothing_width(0), 1);
    assert_int_equal(sg_smoothing_width(23), 1);
    assert_int_equal(sg_smoothing_width(24), 3);
    assert_int_equal(sg_smoothing_width(240), 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means_and_bands),
        cmocka_unit_test(test_gaps_stay_and_do_not_count),
        cmocka_unit_test(test_widths_are_odd_and_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
