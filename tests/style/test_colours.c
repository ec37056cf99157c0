/* Transfer of colours: what the result's covariance is, and pictures without deviation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "style/colours.h"

enum { COUNT = 60, COLOURS = 3 };

/* Fills pixels whose colours depend on one another in two different ways. */
static void fill(double *pixels, double share, double shift)
{
    for (int i = 0; i < COUNT; i++) {
        const double a = sin(i * 1.7 + shift);
        const double b = cos(i * 0.9 + 2 * shift);
        const double c = sin(i * 2.3 - shift);
        pixels[i * COLOURS] = 0.5 + 0.2 * a;
        pixels[i * COLOURS + 1] = 0.4 + 0.1 * (share * a + (1 - share) * b) + shift;
        pixels[i * COLOURS + 2] = 0.3 + 0.3 * (share * b + (1 - share) * c);
    }
}

static void assert_within(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%g instead of %g", found, expected);
}

static double mean_of(const double *pixels, int colour)
{
    double sum = 0;
    for (int i = 0; i < COUNT; i++)
        sum += pixels[i * COLOURS + colour] / COUNT;
    return sum;
}

static double covariance(const double *pixels, int a, int b)
{
    double sum = 0;
    for (int i = 0; i < COUNT; i++)
        sum += (pixels[i * COLOURS + a] - mean_of(pixels, a)) *
               (pixels[i * COLOURS + b] - mean_of(pixels, b)) / (COUNT - 1);
    return sum;
}

/* The identity that is added to 59 of deviation leaves some percent of the covariances. */
static void test_covariances_become_the_references(void **state)
{
    double pixels[COUNT * COLOURS];
    double reference[COUNT * COLOURS];
    (void)state;
    fill(pixels, 0.1, 0);
    fill(reference, 0.8, 0.2);
    const double before = fabs(covariance(pixels, 0, 1) - covariance(reference, 0, 1));
    sg_colours_align(pixels, COUNT, reference, COUNT);
    for (int a = 0; a < COLOURS; a++) {
        assert_within(mean_of(pixels, a), mean_of(reference, a), 1e-9);
        for (int b = 0; b < COLOURS; b++)
            assert_within(covariance(pixels, a, b), covariance(reference, a, b), 2e-3);
    }
    assert_true(before > 5 * fabs(covariance(pixels, 0, 1) - covariance(reference, 0, 1)));
}

static void test_own_colours_stay(void **state)
{
    double pixels[COUNT * COLOURS];
    double reference[COUNT * COLOURS];
    (void)state;
    fill(pixels, 0.3, 0.1);
    fill(reference, 0.3, 0.1);
    sg_colours_align(pixels, COUNT, reference, COUNT);
    for (int i = 0; i < COUNT * COLOURS; i++)
        assert_within(pixels[i], reference[i], 1e-9);
}

static void test_flat_colours_only_move(void **state)
{
    double pixels[2 * COLOURS] = {0.5, 0.2, 0.1, 0.5, 0.4, 0.1};
    const double reference[COLOURS] = {0.9, 0.8, 0.7};
    (void)state;
    sg_colours_align(pixels, 2, reference, 1);
    for (int i = 0; i < 2 * COLOURS; i++)
        assert_within(pixels[i], reference[i % COLOURS], 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covariances_become_the_references),
        cmocka_unit_test(test_own_colours_stay),
        cmocka_unit_test(test_flat_colours_only_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
