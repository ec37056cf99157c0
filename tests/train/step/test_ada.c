/* The heuristic of adaptive augmentation: r_t over all scores, steps of one size, no upper limit.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/close.h"
#include "support/tensors.h"
#include "train/step/ada.h"

static void signs_count_and_zero_is_neither(void **state)
{
    static const double values[] = {2, -3, 0, 1e-30};
    sg_ada ada = {0};
    sg_ada_add_scores(&ada, leaf_of(*state, SG_SHAPE(4, 1), values));
    sg_ada_add_scores(&ada, NULL);
    assert_int_equal(ada.scores, 4);
    assert_int_equal(ada.sign_sum, 1);
}

/* Returns p after one adjustment of 64 images at 1 kimg with these scores and the target 0.6. */
static double adjusted(float p, int64_t sign_sum, int64_t scores)
{
    sg_ada ada = {p, sign_sum, scores};
    sg_ada_adjust(&ada, 0.6, 64, 1);
    assert_int_equal(ada.scores, 0);
    assert_int_equal(ada.sign_sum, 0);
    return (double)ada.p;
}

static void p_moves_by_one_step_towards_the_target(void **state)
{
    (void)state;
    assert_close(adjusted(0.5F, 7, 10), (double)(0.5F + 0.064F), 0);
    assert_close(adjusted(0.5F, 5, 10), (double)(0.5F - 0.064F), 0);
    assert_close(adjusted(0.5F, 6, 10), 0.5, 0); /* 6/10 is the target's own double */
    assert_close(adjusted(0.5F, 0, 0), 0.5, 0);  /* nothing is known */
}

static void p_has_a_lower_limit_alone(void **state)
{
    (void)state;
    assert_close(adjusted(0.05F, -10, 10), 0, 0);
    assert_close(adjusted(0.99F, 10, 10), (double)(0.99F + 0.064F), 0);
    assert_close(adjusted(3, 10, 10), (double)(3 + 0.064F), 0);
}

#define WITH_CONTEXT(test) cmocka_unit_test_setup_teardown(test, context_setup, context_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(signs_count_and_zero_is_neither),
        cmocka_unit_test(p_moves_by_one_step_towards_the_target),
        cmocka_unit_test(p_has_a_lower_limit_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
