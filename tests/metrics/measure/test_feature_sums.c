/* Moments of features at several numbers of pictures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "metrics/measure/feature_sums.h"

enum { WIDTH = 5, MOST = 200 };

static float rows[MOST][WIDTH];

static void fill(void)
{
    sg_random random = sg_random_stream(3, 4);
    sg_random_normal_fill(&random, &rows[0][0], (size_t)MOST * WIDTH);
    for (size_t i = 0; i < MOST; i++)
        rows[i][2] = rows[i][2] > 0 ? rows[i][2] : 0;
}

static sg_feature_sums sums_of(const size_t *counts, size_t count)
{
    sg_feature_sums sums = {0};
    sg_error error = {0};
    for (size_t i = 0; i < count; i++)
        assert_true(sg_feature_sums_ask(&sums, counts[i]));
    assert_int_equal(sg_feature_sums_begin(&sums, WIDTH, &error), SG_OK);
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(sg_feature_sums_add(&sums, rows[i], &error), SG_OK);
    return sums;
}

/* The definition: covariances with 1 / count around the mean. */
static void moments_are_those_of_the_first_pictures(void **state)
{
    static const size_t counts[] = {1, 127, 128, 129, 150, MOST};
    (void)state;
    fill();
    sg_feature_sums sums = sums_of(counts, sizeof counts / sizeof *counts);
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        const sg_gaussian *found = sg_feature_sums_find(&sums, counts[n]);
        assert_non_null(found);
        for (size_t i = 0; i < WIDTH; i++)
            for (size_t j = 0; j < WIDTH; j++) {
                double mean_i = 0, mean_j = 0, product = 0;
                for (size_t r = 0; r < counts[n]; r++) {
                    mean_i += (double)rows[r][i] / (double)counts[n];
                    mean_j += (double)rows[r][j] / (double)counts[n];
                }
                for (size_t r = 0; r < counts[n]; r++)
                    product += ((double)rows[r][i] - mean_i) * ((double)rows[r][j] - mean_j);
                assert_true(fabs(found->mean[i] - mean_i) < 1e-12);
                assert_true(fabs(found->covariance[i * WIDTH + j] - product / (double)counts[n]) <
                            1e-12);
            }
    }
    assert_null(sg_feature_sums_find(&sums, 2));
    sg_feature_sums_clear(&sums);
}

/* A number's moments are the same bits whatever other numbers are asked for. */
static void other_numbers_change_nothing(void **state)
{
    static const size_t alone[] = {150};
    static const size_t together[] = {70, 150, 100};
    (void)state;
    fill();
    sg_feature_sums first = sums_of(alone, 1);
    sg_feature_sums second = sums_of(together, 3);
    const sg_gaussian *a = sg_feature_sums_find(&first, 150);
    const sg_gaussian *b = sg_feature_sums_find(&second, 150);
    assert_memory_equal(a->mean, b->mean, WIDTH * sizeof *a->mean);
    assert_memory_equal(a->covariance, b->covariance, WIDTH * WIDTH * sizeof *a->mean);
    sg_feature_sums_clear(&first);
    sg_feature_sums_clear(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_those_of_the_first_pictures),
        cmocka_unit_test(other_numbers_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
