/* Standard errors against what theory says, and their dependence on the seed alone. */
#include "metrics/formulas/resampling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/near.h"

enum { COUNT = 400 };

static void fill(float *values, size_t count, uint64_t stream)
{
    sg_random random = sg_random_stream(8, stream);
    sg_random_normal_fill(&random, values, count);
}

/*
 * A reference with mean m and the deviation of the set: the distance is (x - m)^2 nearly, x the
 * set's mean, whose standard error is 2 |m| / sqrt(count).
 */
static void test_frechet(void **state)
{
    (void)state;
    float values[COUNT];
    double mean = 20;
    double variance = 1;
    double found = 0;
    double again = 0;
    double other = 0;
    fill(values, COUNT, 1);
    /* all of the variance is in the second half */
    for (int i = 0; i < COUNT; i++)
        values[i] *= i < COUNT / 2 ? 0 : (float)M_SQRT2;
    const sg_rows rows = {values, COUNT, 1};
    const sg_gaussian reference = {1, COUNT, &mean, &variance};
    const sg_resampling resampling = {300, 5};
    assert_int_equal(sg_frechet_error(&resampling, &rows, &reference, &found, NULL), SG_OK);
    ASSERT_NEAR(found, 2 * mean / sqrt(COUNT), 0.12);
    assert_int_equal(sg_frechet_error(&resampling, &rows, &reference, &again, NULL), SG_OK);
    assert_true(found == again);
    const sg_resampling reseeded = {300, 6};
    assert_int_equal(sg_frechet_error(&reseeded, &rows, &reference, &other, NULL), SG_OK);
    assert_true(found != other);
}

/* More than a chunk of rows, all equal: nothing differs. */
static void test_equal_rows(void **state)
{
    (void)state;
    float values[2000];
    double mean[2] = {1, 2};
    double covariance[4] = {1, 0, 0, 1};
    double found = 1;
    for (int i = 0; i < 2000; i++)
        values[i] = 3;
    const sg_rows rows = {values, 1000, 2};
    const sg_gaussian reference = {2, 1000, mean, covariance};
    const sg_resampling resampling = {3, 5};
    assert_int_equal(sg_frechet_error(&resampling, &rows, &reference, &found, NULL), SG_OK);
    assert_true(found < 1e-12);
}

/* Against the deviation of distances of new sets. */
static void test_kernel(void **state)
{
    (void)state;
    enum { SETS = 60 };
    float fake[COUNT];
    float real[COUNT];
    double found = 0;
    double again = 0;
    double errors = 0;
    double means[SETS];
    for (uint64_t i = 0; i < SETS; i++) {
        fill(fake, COUNT, 2 * i);
        fill(real, COUNT, 2 * i + 1);
        for (int k = 0; k < COUNT; k++)
            fake[k] += 0.8F;
        const sg_rows fakes = {fake, COUNT, 1};
        const sg_rows reals = {real, COUNT, 1};
        const sg_resampling resampling = {SG_KERNEL_SPLITS, 1};
        const sg_resampling whole = {2, i};
        assert_int_equal(sg_kernel_error(&resampling, &fakes, &reals, &found, NULL), SG_OK);
        assert_int_equal(sg_kernel_error(&resampling, &fakes, &reals, &again, NULL), SG_OK);
        assert_true(found == again);
        assert_int_equal(sg_kernel_error(&whole, &fakes, &reals, &again, NULL), SG_OK);
        errors += found / SETS;
        means[i] = again;
    }
    /* the error by two halves is |a - b| / 2, whose square has the variance of the mean */
    double variance = 0;
    for (int i = 0; i < SETS; i++)
        variance += means[i] * means[i] / SETS;
    ASSERT_NEAR(errors, sqrt(variance), 0.25);
}

static void test_means_and_shares(void **state)
{
    (void)state;
    static const double values[] = {1, 3, 5};
    ASSERT_NEAR(sg_mean_error(values, 3), 2 / sqrt(3), 1e-15);
    assert_true(isnan(sg_mean_error(values, 1)));
    ASSERT_NEAR(sg_share_error(0.2, 100), 0.04, 1e-15);
    assert_true(sg_share_error(1, 10) == 0);
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const float values[] = {1, 2, 3};
    const sg_rows rows = {values, 3, 1};
    const sg_resampling once = {1, 0};
    const sg_resampling twice = {2, 0};
    double mean = 0;
    double variance = 1;
    const sg_gaussian reference = {1, 3, &mean, &variance};
    double found = 0;
    sg_error error = {0};
    assert_int_equal(sg_frechet_error(&once, &rows, &reference, &found, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message,
                        "a standard error needs at least 2 repeats, but there are 1");
    error = (sg_error){0};
    assert_int_equal(sg_kernel_error(&twice, &rows, &rows, &found, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "2 parts need at least 4 pictures, but a set has 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frechet),   cmocka_unit_test(test_equal_rows),
        cmocka_unit_test(test_kernel),    cmocka_unit_test(test_means_and_shares),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
