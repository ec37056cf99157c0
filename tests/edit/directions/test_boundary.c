/* Boundaries: optima by hand, the conditions of the optimum on random latents, which samples. */
#include "edit/directions/boundary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "support/near.h"

/* -2 and -1 against 1 and 2: the margin is at -1 and 1, b is free and 0. */
static void test_by_hand(void **state)
{
    (void)state;
    static const float latents[] = {-2, 1, 2, -1};
    static const float scores[] = {0, 1, 2, 0.5F};
    const sg_scored_latents samples = {4, 1, latents, scores};
    sg_boundary_split split;
    sg_boundary found;
    assert_int_equal(sg_boundary_split_create(&samples, 0.5, 1, 3, &split, NULL), SG_OK);
    assert_int_equal(split.train, 2);
    assert_int_equal(sg_boundary_train(&samples, &split, 1, &found, NULL), SG_OK);
    ASSERT_NEAR(found.weights[0], 1, 1e-12);
    assert_true(fabs(found.weights[1]) < 1e-12);
    ASSERT_NEAR(found.objective, 0.5, 1e-12);
    assert_true(found.normal[0] == 1);
    assert_true(isnan(found.validation_accuracy) && isnan(found.remaining_accuracy));
    sg_boundary_split_clear(&split);
    sg_boundary_clear(&found);
}

/* Far from the origin the boundary goes with the points, since b costs nothing. */
static void test_free_bias(void **state)
{
    (void)state;
    static const float latents[] = {98, 102};
    static const float scores[] = {0, 1};
    const sg_scored_latents samples = {2, 1, latents, scores};
    sg_boundary_split split;
    sg_boundary found;
    assert_int_equal(sg_boundary_split_create(&samples, 0.5, 1, 0, &split, NULL), SG_OK);
    assert_int_equal(sg_boundary_train(&samples, &split, 1, &found, NULL), SG_OK);
    ASSERT_NEAR(found.weights[0], 0.5, 1e-9);
    ASSERT_NEAR(found.weights[1], -50, 1e-9);
    sg_boundary_split_clear(&split);
    sg_boundary_clear(&found);
}

/* The conditions of Karush, Kuhn and Tucker, and w as the sum that the dual variables make. */
static void check_optimum(const sg_scored_latents *samples, const sg_boundary_split *split,
                          double cost, const sg_boundary *found)
{
    double balance = 0;
    double sum[16] = {0};
    for (size_t i = 0; i < found->dual_count; i++) {
        const bool positive = i < split->train;
        const size_t index = positive ? split->positive[i] : split->negative[i - split->train];
        const float *row = samples->latents + index * samples->width;
        const double sign = positive ? 1 : -1;
        double output = found->weights[samples->width];
        for (size_t k = 0; k < samples->width; k++) {
            sum[k] += sign * found->duals[i] * row[k];
            output += found->weights[k] * row[k];
        }
        balance += sign * found->duals[i];
        if (found->duals[i] == 0)
            assert_true(sign * output > 1 - 1e-9);
        else if (found->duals[i] == cost)
            assert_true(sign * output < 1 + 1e-9);
        else
            assert_true(fabs(sign * output - 1) < 1e-9);
        assert_true(found->duals[i] >= 0 && found->duals[i] <= cost);
    }
    assert_true(fabs(balance) < 1e-9);
    for (size_t k = 0; k < samples->width; k++)
        assert_true(fabs(sum[k] - found->weights[k]) < 1e-9);
}

/* Latents of which the first number makes the score, with noise, so that some are on the wrong
 * side. */
static void test_optimum_of_random_latents(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    for (size_t width = 2; width <= 16; width += 7) {
        sg_random random = sg_random_stream(width, 0);
        float *latents = calloc(COUNT, width * sizeof *latents);
        float scores[COUNT];
        sg_random_normal_fill(&random, latents, COUNT * width);
        sg_random_normal_fill(&random, scores, COUNT);
        for (size_t i = 0; i < COUNT; i++)
            scores[i] = latents[i * width] + 0.5F * scores[i];
        const sg_scored_latents samples = {COUNT, width, latents, scores};
        sg_boundary_split split;
        sg_boundary found;
        assert_int_equal(sg_boundary_split_create(&samples, 0.2, 0.7, 1, &split, NULL), SG_OK);
        assert_int_equal(sg_boundary_train(&samples, &split, 0.5, &found, NULL), SG_OK);
        check_optimum(&samples, &split, 0.5, &found);
        assert_true(found.normal[0] > 0.9);
        assert_true(found.validation_accuracy > 0.9);
        assert_true(found.remaining_accuracy > 0.6 && found.remaining_accuracy < 1);
        sg_boundary_split_clear(&split);
        sg_boundary_clear(&found);
        free(latents);
    }
}

/* Both ends of the scores, without a sample twice; another seed draws others. */
static void test_split(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    float scores[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        scores[i] = (float)((i * 37) % COUNT);
    const sg_scored_latents samples = {COUNT, 0, NULL, scores};
    sg_boundary_split split;
    sg_boundary_split other;
    assert_int_equal(sg_boundary_split_create(&samples, 0.2, 0.7, 1, &split, NULL), SG_OK);
    assert_int_equal(sg_boundary_split_create(&samples, 0.2, 0.7, 2, &other, NULL), SG_OK);
    assert_int_equal(split.chosen, 20);
    assert_int_equal(split.train, 14);
    assert_true(scores[split.order[0]] == 99 && scores[split.order[COUNT - 1]] == 0);
    for (size_t i = 0; i < split.train; i++) {
        assert_true(scores[split.positive[i]] >= 80);
        assert_true(scores[split.negative[i]] < 20);
        for (size_t k = 0; k < i; k++)
            assert_true(split.positive[k] != split.positive[i]);
    }
    assert_memory_not_equal(split.positive, other.positive, split.train * sizeof *other.positive);
    sg_boundary_split_clear(&split);
    sg_boundary_split_clear(&other);
}

static void test_refused(void **state)
{
    (void)state;
    static const float equal[] = {1, 1, 1, 1, 1};
    static const float broken[] = {1, NAN, 1, 1, 1};
    static const float four[] = {1, 2, 3, 4};
    sg_boundary_split split;
    sg_error error = {0};
    assert_int_equal(sg_boundary_split_create(&(sg_scored_latents){5, 0, NULL, equal}, 0.2, 1, 0,
                                              &split, &error),
                     SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "all 5 scores are equal"));
    error = (sg_error){0};
    assert_int_equal(
        sg_boundary_split_create(&(sg_scored_latents){5, 0, NULL, broken}, 0.2, 1, 0, &split, NULL),
        SG_ERROR_ARGUMENT);
    assert_int_equal(
        sg_boundary_split_create(&(sg_scored_latents){4, 0, NULL, four}, 0.2, 1, 0, &split, &error),
        SG_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "4 samples are too few"));
    assert_null(split.order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_free_bias),
        cmocka_unit_test(test_optimum_of_random_latents),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
