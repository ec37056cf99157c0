/* Training statistics. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/close.h"
#include "support/tensors.h"
#include "train/step/statistics.h"

static void every_statistic_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < SG_STATISTIC_COUNT; i++) {
        assert_non_null(sg_statistic_name((sg_statistic)i));
        assert_non_null(strchr(sg_statistic_name((sg_statistic)i), '/'));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(sg_statistic_name((sg_statistic)i),
                                    sg_statistic_name((sg_statistic)k));
    }
    assert_string_equal(sg_statistic_name(SG_STATISTIC_LOSS_G), "Loss/G/loss");
    assert_string_equal(sg_statistic_name(SG_STATISTIC_R1_PENALTY), "Loss/r1_penalty");
    assert_string_equal(sg_statistic_name(SG_STATISTIC_SIGNS_REAL), "Loss/signs/real");
}

static void mean_and_deviation_follow_their_definition(void **state)
{
    (void)state;
    static const double values[] = {3, -1, 4, 1, -5};
    sg_statistics statistics;
    sg_statistics_reset(&statistics);
    for (int i = 0; i < 5; i++)
        sg_statistics_add(&statistics, SG_STATISTIC_LOSS_D, values[i]);
    const sg_moments *moments = &statistics.moments[SG_STATISTIC_LOSS_D];
    assert_int_equal(moments->count, 5);
    assert_close(sg_moments_mean(moments), 0.4, 1e-14);
    assert_close(sg_moments_deviation(moments), sqrt(52.0 / 5 - 0.16), 1e-14);
    assert_int_equal(statistics.moments[SG_STATISTIC_LOSS_G].count, 0);
    assert_close(sg_moments_mean(&statistics.moments[SG_STATISTIC_LOSS_G]), 0, 0);
    assert_close(sg_moments_deviation(&statistics.moments[SG_STATISTIC_LOSS_G]), 0, 0);
    sg_statistics_reset(&statistics);
    assert_int_equal(moments->count, 0);
    assert_close(sg_moments_mean(moments), 0, 0);
}

static void equal_numbers_do_not_deviate(void **state)
{
    (void)state;
    sg_moments moments = {0};
    for (int i = 0; i < 3; i++) {
        moments.count++;
        moments.sum += 0.1;
        moments.sum_of_squares += 0.1 * 0.1;
    }
    assert_close(sg_moments_deviation(&moments), 0, 1e-8);
}

static void scores_bring_their_signs(void **state)
{
    static const double values[] = {2, -3, 0, 7};
    sg_statistics statistics;
    sg_statistics_reset(&statistics);
    const sg_tensor *scores = leaf_of(*state, SG_SHAPE(4, 1), values);
    sg_statistics_add_scores(&statistics, SG_STATISTIC_SCORES_REAL, SG_STATISTIC_SIGNS_REAL,
                             scores);
    sg_statistics_add_scores(&statistics, SG_STATISTIC_SCORES_REAL, SG_STATISTIC_SIGNS_REAL, NULL);
    assert_int_equal(statistics.moments[SG_STATISTIC_SCORES_REAL].count, 4);
    assert_close(sg_moments_mean(&statistics.moments[SG_STATISTIC_SCORES_REAL]), 1.5, 1e-14);
    assert_close(sg_moments_mean(&statistics.moments[SG_STATISTIC_SIGNS_REAL]), 0.25, 1e-14);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statistic_has_a_name_of_its_own),
        cmocka_unit_test(mean_and_deviation_follow_their_definition),
        cmocka_unit_test(equal_numbers_do_not_deviate),
        WITH_CONTEXT(scores_bring_their_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
