/* Moments and Frechet distances: by hand, of singular covariances, and against definitions. */
#include "metrics/formulas/frechet.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/parallel.h"
#include "base/random.h"
#include "support/near.h"

static sg_gaussian gaussian_of(const float *values, size_t count, size_t features, bool unbiased)
{
    sg_feature_moments *moments = NULL;
    sg_gaussian gaussian = {0};
    sg_error error = {0};
    assert_int_equal(sg_feature_moments_create(features, &moments, &error), SG_OK);
    /* in two parts */
    const sg_rows first = {values, count / 3, features};
    const sg_rows rest = {values + count / 3 * features, count - count / 3, features};
    if (sg_feature_moments_add(moments, &first, &error) ||
        sg_feature_moments_add(moments, &rest, &error) ||
        sg_feature_moments_finish(moments, unbiased, &gaussian, &error))
        fail_msg("%s", error.message);
    sg_feature_moments_destroy(moments);
    return gaussian;
}

static sg_frechet distance(sg_gaussian a, sg_gaussian b)
{
    sg_frechet found;
    sg_error error = {0};
    if (sg_frechet_distance(&a, &b, &found, &error))
        fail_msg("%s", error.message);
    sg_gaussian_clear(&a);
    sg_gaussian_clear(&b);
    return found;
}

/* Two points (0, 0), (2, 4) and three (1, 0), (3, 2), (5, 4). */
static void test_moments_by_hand(void **state)
{
    (void)state;
    static const float two[] = {0, 0, 2, 4};
    static const float three[] = {1, 0, 3, 2, 5, 4};
    sg_gaussian biased = gaussian_of(two, 2, 2, false);
    sg_gaussian unbiased = gaussian_of(three, 3, 2, true);
    ASSERT_NEAR(biased.mean[0], 1, 0);
    ASSERT_NEAR(biased.mean[1], 2, 0);
    ASSERT_NEAR(biased.covariance[0], 1, 1e-15);
    ASSERT_NEAR(biased.covariance[1], 2, 1e-15);
    ASSERT_NEAR(biased.covariance[2], 2, 1e-15);
    ASSERT_NEAR(biased.covariance[3], 4, 1e-15);
    ASSERT_NEAR(unbiased.covariance[0], 4, 1e-15);
    ASSERT_NEAR(unbiased.covariance[1], 4, 1e-15);
    assert_int_equal(unbiased.count, 3);
    sg_gaussian_clear(&biased);
    sg_gaussian_clear(&unbiased);
}

/* In one dimension the distance is (m1 - m2)^2 + (s1 - s2)^2. */
static void test_one_dimension(void **state)
{
    (void)state;
    static const float a[] = {-1, 1};
    static const float b[] = {2, 8};
    const sg_frechet found = distance(gaussian_of(a, 2, 1, false), gaussian_of(b, 2, 1, false));
    ASSERT_NEAR(found.mean_term, 25, 1e-15);
    ASSERT_NEAR(found.root_trace, 3, 1e-14);
    ASSERT_NEAR(found.distance, 25 + 4, 1e-14);
}

static void fill(float *values, size_t count, uint64_t stream)
{
    sg_random random = sg_random_stream(5, stream);
    sg_random_normal_fill(&random, values, count);
}

/* Ten pictures with 64 features; the set moved by 3 along one feature is 9 away. */
static void test_singular_covariances(void **state)
{
    (void)state;
    float values[640];
    float moved[640];
    fill(values, 640, 1);
    for (int i = 0; i < 640; i++)
        moved[i] = values[i] + (i % 64 == 5 ? 3 : 0);
    sg_frechet found =
        distance(gaussian_of(values, 10, 64, false), gaussian_of(values, 10, 64, false));
    assert_true(fabs(found.distance) < 1e-12 * found.root_trace);
    found = distance(gaussian_of(values, 10, 64, true), gaussian_of(moved, 10, 64, true));
    ASSERT_NEAR(found.distance, 9, 1e-6);
    /* scaled by 2, all deviations double: the trace of (s - 2 s)^2 */
    for (int i = 0; i < 640; i++)
        moved[i] = 2 * values[i];
    const sg_frechet scaled =
        distance(gaussian_of(values, 10, 64, true), gaussian_of(moved, 10, 64, true));
    ASSERT_NEAR(scaled.distance - scaled.mean_term, scaled.root_trace / 2, 1e-12);
}

/* Sets in planes that do not meet have no covariance in common. */
static void test_rank_of_few_pictures(void **state)
{
    (void)state;
    static const float a[] = {0, 0, 0, 2, 0, 0};
    static const float b[] = {0, 0, 0, 0, 0, 4};
    const sg_frechet found = distance(gaussian_of(a, 2, 3, false), gaussian_of(b, 2, 3, false));
    ASSERT_NEAR(found.distance, 1 + 4 + 1 + 4, 1e-15);
    assert_true(found.root_trace == 0);
}

static void test_roots_descend(void **state)
{
    (void)state;
    enum { N = 40, D = 7 };
    float a[N * D];
    float b[N * D];
    double roots[D];
    fill(a, N * D, 2);
    fill(b, N * D, 3);
    sg_gaussian x = gaussian_of(a, N, D, false);
    sg_gaussian y = gaussian_of(b, N, D, false);
    assert_int_equal(sg_frechet_roots(&x, &y, roots, NULL), SG_OK);
    /* the squares' sum is the trace of the product */
    double squares = 0;
    double trace = 0;
    for (int i = 0; i < D; i++) {
        assert_true(i == 0 || roots[i] <= roots[i - 1]);
        squares += roots[i] * roots[i];
        for (int k = 0; k < D; k++)
            trace += x.covariance[i * D + k] * y.covariance[k * D + i];
    }
    ASSERT_NEAR(squares, trace, 1e-13);
    sg_gaussian_clear(&x);
    sg_gaussian_clear(&y);
}

static void test_wrong_use(void **state)
{
    (void)state;
    static const float values[] = {1, 2, NAN, 4};
    sg_error error = {0};
    sg_feature_moments *moments = NULL;
    sg_gaussian gaussian;
    assert_int_equal(sg_feature_moments_create(2, &moments, &error), SG_OK);
    assert_int_equal(sg_feature_moments_finish(moments, false, &gaussian, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "a covariance needs at least 1 pictures, but there are 0");
    error = (sg_error){0};
    const sg_rows wide = {values, 1, 4};
    assert_int_equal(sg_feature_moments_add(moments, &wide, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "rows have 4 features, but the sums have 2");
    error = (sg_error){0};
    const sg_rows bad = {values, 2, 2};
    assert_int_equal(sg_feature_moments_add(moments, &bad, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "features of pictures are not finite");
    sg_feature_moments_destroy(moments);
    sg_gaussian a = gaussian_of(values, 1, 2, false);
    sg_gaussian b = gaussian_of(values, 1, 1, false);
    sg_frechet found;
    error = (sg_error){0};
    assert_int_equal(sg_frechet_distance(&a, &b, &found, &error), SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "sets with 2 and 1 features cannot be compared");
    sg_gaussian_clear(&a);
    sg_gaussian_clear(&b);
}

static void test_repeats_are_equal(void **state)
{
    (void)state;
    enum { N = 300, D = 130 };
    float *values = malloc(2 * N * D * sizeof *values);
    fill(values, 2 * N * D, 4);
    sg_set_thread_count(2);
    const double first =
        distance(gaussian_of(values, N, D, false), gaussian_of(values + N * D, N, D, false))
            .distance;
    for (int i = 0; i < 3; i++)
        assert_true(
            distance(gaussian_of(values, N, D, false), gaussian_of(values + N * D, N, D, false))
                .distance == first);
    free(values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_by_hand),      cmocka_unit_test(test_one_dimension),
        cmocka_unit_test(test_singular_covariances), cmocka_unit_test(test_rank_of_few_pictures),
        cmocka_unit_test(test_roots_descend),        cmocka_unit_test(test_wrong_use),
        cmocka_unit_test(test_repeats_are_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
