/* Axes: ranges, marks and their texts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/figures/plot_axis.h"
#include "support/close.h"

static sg_plot_axis axis_of(bool logarithmic, size_t wanted, double low, double high, double margin)
{
    const double values[] = {high, low};
    sg_plot_axis axis = sg_plot_axis_start(logarithmic, wanted);
    sg_plot_axis_include(&axis, values, 2);
    sg_plot_axis_finish(&axis, margin);
    return axis;
}

static void assert_ticks(const sg_plot_axis *axis, size_t count, const char *const *texts)
{
    sg_plot_ticks ticks;
    sg_plot_axis_ticks(axis, &ticks);
    assert_int_equal(ticks.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(ticks.texts[i], texts[i]);
}

static void test_linear_marks_are_round(void **state)
{
    (void)state;
    const sg_plot_axis axis = axis_of(false, 5, -0.26, 0.61, 0);
    assert_ticks(&axis, 5, (const char *[]){"-0.2", "0.0", "0.2", "0.4", "0.6"});
    assert_close(sg_plot_axis_position(&axis, -0.26), 0, 1e-12);
    assert_close(sg_plot_axis_position(&axis, 0.61), 1, 1e-12);
    const sg_plot_axis kimg = axis_of(false, 5, 0, 25000, 0);
    assert_ticks(&kimg, 6, (const char *[]){"0", "5000", "10000", "15000", "20000", "25000"});
}

static void test_logarithmic_marks_are_powers_of_ten(void **state)
{
    (void)state;
    const sg_plot_axis wide = axis_of(true, 4, 0.01, 100, 0);
    assert_ticks(&wide, 5, (const char *[]){"0.01", "0.1", "1", "10", "100"});
    const sg_plot_axis narrow = axis_of(true, 4, 2.5, 2.5, 0);
    assert_close(narrow.high - narrow.low, 1, 1e-12);
    assert_ticks(&narrow, 3, (const char *[]){"1", "2", "5"});
}

static void test_margin_widens_both_ends(void **state)
{
    (void)state;
    const sg_plot_axis axis = axis_of(false, 5, 10, 20, 0.1);
    assert_close(axis.low, 9, 1e-12);
    assert_close(axis.high, 21, 1e-12);
}

static void test_what_cannot_be_shown_is_passed_over(void **state)
{
    (void)state;
    const double values[] = {NAN, 3, INFINITY, -INFINITY, 1e200, 5};
    sg_plot_axis axis = sg_plot_axis_start(false, 5);
    sg_plot_axis_include(&axis, values, 6);
    sg_plot_axis_finish(&axis, 0);
    assert_close(axis.low, 3, 0);
    assert_close(axis.high, 5, 0);
    axis = sg_plot_axis_start(true, 5);
    assert_false(sg_plot_axis_shows(&axis, 0));
    assert_false(sg_plot_axis_shows(&axis, -1));
    assert_true(sg_plot_axis_shows(&axis, 1e-9));
}

/* Whatever the range, it has a width, and its marks are a few within it. */
static void test_any_range_has_marks(void **state)
{
    (void)state;
    const double pairs[][2] = {{0, 0},     {1e-30, 1e-30}, {-1e100, 1e100}, {1e50, 1e50},
                               {1, 1.001}, {-7, -7},       {1e9, 1e9 + 1},  {1e-90, 1e90}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
            sg_plot_ticks ticks;
            const sg_plot_axis axis = axis_of(logarithmic, 5, pairs[i][0], pairs[i][1], 0.05);
            assert_true(axis.high > axis.low);
            sg_plot_axis_ticks(&axis, &ticks);
            assert_in_range(ticks.count, 2, 20);
            for (size_t k = 0; k < ticks.count; k++) {
                const double position = sg_plot_axis_position(&axis, ticks.values[k]);
                assert_true(position > -1e-4 && position < 1 + 1e-4);
            }
        }
}

static void test_empty_axis_is_zero_to_one(void **state)
{
    (void)state;
    sg_plot_axis axis = sg_plot_axis_start(false, 100);
    sg_plot_axis_finish(&axis, 0.05);
    assert_close(axis.low, 0, 0);
    assert_close(axis.high, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear_marks_are_round),
        cmocka_unit_test(test_logarithmic_marks_are_powers_of_ten),
        cmocka_unit_test(test_margin_widens_both_ends),
        cmocka_unit_test(test_what_cannot_be_shown_is_passed_over),
        cmocka_unit_test(test_any_range_has_marks),
        cmocka_unit_test(test_empty_axis_is_zero_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
