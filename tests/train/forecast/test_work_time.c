/* Sums of measured and guessed times. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/forecast/work_time.h"

static sg_context *hollow_with(const char *kind, int64_t values, double calls)
{
    sg_context *context = sg_context_create_hollow();
    sg_tensor *tensor = sg_tensor_create(context, SG_F32, SG_SHAPE(values));
    context->work->weight = calls;
    sg_work_note_pass(kind, tensor, 1);
    return context;
}

/* What is measured once holds from then on, and counts as often as it is called. */
static void times_are_kept(void **state)
{
    (void)state;
    sg_work_times *times = sg_work_times_create(1, 10);
    sg_context *one = hollow_with(sg_normal_kind, 1 << 16, 1);
    sg_context *ten = hollow_with(sg_normal_kind, 1 << 16, 10);
    sg_context *none = sg_context_create_hollow();
    const double once = sg_work_times_sum(times, one->work);
    assert_true(once > 1e-6 && once < 1);
    assert_true(sg_work_times_sum(times, one->work) == once);
    assert_true(fabs(sg_work_times_sum(times, ten->work) - 10 * once) < 1e-9 * once);
    assert_true(sg_work_times_sum(times, none->work) == 0);
    sg_context_destroy(one);
    sg_context_destroy(ten);
    sg_context_destroy(none);
    sg_work_times_destroy(times);
}

/* Without time to measure, guesses stand, in proportion to the work. */
static void guesses_fill_in(void **state)
{
    (void)state;
    sg_work_times *times = sg_work_times_create(1, 0);
    sg_context *work = hollow_with(sg_normal_kind, 1 << 16, 1);
    sg_context *longer = hollow_with(sg_normal_kind, 1 << 17, 1);
    const double guessed = sg_work_times_sum(times, work->work);
    assert_true(guessed > 0);
    assert_true(sg_work_times_sum(times, longer->work) > 1.5 * guessed);
    sg_context_destroy(work);
    sg_context_destroy(longer);
    sg_work_times_destroy(times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_kept),
        cmocka_unit_test(guesses_fill_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
