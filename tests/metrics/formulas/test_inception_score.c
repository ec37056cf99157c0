/* Inception scores of classifiers that are sure, unsure and of one mind. */
#include "metrics/formulas/inception_score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/near.h"

/* Sure of four classes in turn: 4 in a split of four rows, 2 in one of two, 1 in one of one. */
static void test_sure(void **state)
{
    (void)state;
    float logits[8 * 4] = {0};
    double scores[8];
    double mean = 0;
    double deviation = 1;
    for (int i = 0; i < 8; i++)
        logits[i * 4 + i % 4] = 1e4F;
    const sg_rows rows = {logits, 8, 4};
    assert_int_equal(sg_inception_score(&rows, 1, scores, &mean, &deviation, NULL), SG_OK);
    ASSERT_NEAR(mean, 4, 1e-14);
    assert_true(deviation == 0);
    assert_int_equal(sg_inception_score(&rows, 4, scores, &mean, &deviation, NULL), SG_OK);
    ASSERT_NEAR(mean, 2, 1e-14);
    assert_int_equal(sg_inception_score(&rows, 8, scores, &mean, &deviation, NULL), SG_OK);
    ASSERT_NEAR(mean, 1, 1e-14);
    /* rows 0..1, 2..4, 5..7 */
    assert_int_equal(sg_inception_score(&rows, 3, scores, &mean, &deviation, NULL), SG_OK);
    ASSERT_NEAR(scores[0], 2, 1e-14);
    ASSERT_NEAR(scores[1], 3, 1e-14);
    ASSERT_NEAR(mean, 8 / 3.0, 1e-14);
    ASSERT_NEAR(deviation, sqrt(2) / 3, 1e-14);
}

/* p = (3/4, 1/4) and (1/4, 3/4): exp(log 2 + 3/4 log 3/4 + 1/4 log 1/4). */
static void test_by_hand(void **state)
{
    (void)state;
    const float logits[] = {logf(3), 0, 100, 100 + logf(3)};
    const sg_rows rows = {logits, 2, 2};
    double score = 0;
    double mean = 0;
    double deviation = 0;
    assert_int_equal(sg_inception_score(&rows, 1, &score, &mean, &deviation, NULL), SG_OK);
    ASSERT_NEAR(mean, 2 * pow(0.75, 0.75) * pow(0.25, 0.25), 1e-6);
}

static void test_too_few_rows(void **state)
{
    (void)state;
    const float logits[] = {1, 2};
    const sg_rows rows = {logits, 1, 2};
    double scores[2];
    double mean = 0;
    double deviation = 0;
    sg_error error = {0};
    assert_int_equal(sg_inception_score(&rows, 2, scores, &mean, &deviation, &error),
                     SG_ERROR_ARGUMENT);
    assert_string_equal(error.message, "1 pictures with 2 classes cannot be split into 2 parts");
}

static void test_odd_logits(void **state)
{
    (void)state;
    float logits[] = {1, 2, 3, NAN};
    const sg_rows rows = {logits, 2, 2};
    double scores[2];
    double mean = 0;
    double deviation = 0;
    for (int i = 0; i < 2; i++, logits[3] = INFINITY)
        assert_int_equal(sg_inception_score(&rows, 2, scores, &mean, &deviation, NULL),
                         SG_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sure),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_too_few_rows),
        cmocka_unit_test(test_odd_logits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
