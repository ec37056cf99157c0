/* Statistics of trainings: columns, sums over ticks, lines that do not count. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "runs/run_history.h"
#include "support/close.h"

#define TICK(kimg, rest)                                                                           \
    "{\"Progress/kimg\":{\"mean\":" #kimg "},\"Timing/sec_per_tick\":{\"mean\":3}" rest "}\n"
#define LOSS(value) ",\"Loss/G/loss\":{\"mean\":" #value "}"

static sg_run_history parse(const char *text, int batch)
{
    sg_run_history history;
    sg_error error = {0};
    if (sg_run_history_parse(text, strlen(text), batch, &history, &error))
        fail_msg("%s", error.message);
    return history;
}

static void test_columns_and_sums(void **state)
{
    (void)state;
    sg_run_history history = parse(TICK(1, LOSS(5)) TICK(3, "") TICK(4, LOSS(7)), 10);
    const double *loss = sg_run_history_values(&history, "Loss/G/loss");
    assert_int_equal(history.count, 3);
    assert_close(loss[0], 5, 0);
    assert_true(isnan(loss[1]));
    assert_close(loss[2], 7, 0);
    assert_close(history.steps[2], 400, 1e-9);
    assert_close(history.seconds[2], 9, 1e-9);
    assert_null(sg_run_history_values(&history, "Loss/D/loss"));
    sg_run_history_clear(&history);
}

static void test_a_tick_may_have_its_own_batch(void **state)
{
    (void)state;
    sg_run_history history =
        parse(TICK(1, ",\"Progress/minibatch\":{\"mean\":100}") TICK(2, ""), 10);
    assert_close(history.steps[0], 10, 1e-9);
    assert_close(history.steps[1], 110, 1e-9);
    sg_run_history_clear(&history);
    history = parse(TICK(1, ""), 0);
    assert_true(isnan(history.steps[0]));
    sg_run_history_clear(&history);
}

static void test_a_resumed_run_replaces_what_it_repeats(void **state)
{
    (void)state;
    sg_run_history history =
        parse(TICK(1, LOSS(1)) TICK(2, LOSS(2)) TICK(3, LOSS(3)) TICK(2, "") TICK(5, LOSS(4)), 10);
    const double *loss = sg_run_history_values(&history, "Loss/G/loss");
    assert_int_equal(history.count, 3);
    assert_true(isnan(loss[1]));
    assert_close(loss[2], 4, 0);
    assert_close(history.seconds[2], 9, 1e-9);
    sg_run_history_clear(&history);
}

static void test_lines_that_cannot_be_read_do_not_count(void **state)
{
    (void)state;
    sg_run_history history = parse(
        TICK(1, "") "{\"Progress/kimg\":{\"mean\":\"two\"},\"x\":1}\nthis line is no JSON at all, "
                    "but long enough\n[1,2,3,4,5,6,7,8,9,10,11,12,13,14]\n{\"Progress/kimg\":{\"m",
        10);
    assert_int_equal(history.count, 1);
    sg_run_history_clear(&history);
    history = parse("", 10);
    assert_int_equal(history.count, 0);
    sg_run_history_clear(&history);
}

static void test_statistics_are_bounded(void **state)
{
    (void)state;
    sg_text text = {0};
    sg_text_append(&text, "{\"Progress/kimg\":{\"mean\":1}");
    for (int i = 0; i < 3 * SG_RUN_MOST_STATISTICS; i++)
        sg_text_append(&text, ",\"s%d\":{\"mean\":1}", i);
    sg_text_append(&text, ",\"%0*d\":{\"mean\":1}}\n", 3 * SG_RUN_STATISTIC_BYTES, 0);
    sg_run_history history = parse(text.bytes, 10);
    assert_int_equal(history.column_count, SG_RUN_MOST_STATISTICS);
    sg_run_history_clear(&history);
    sg_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_and_sums),
        cmocka_unit_test(test_a_tick_may_have_its_own_batch),
        cmocka_unit_test(test_a_resumed_run_replaces_what_it_repeats),
        cmocka_unit_test(test_lines_that_cannot_be_read_do_not_count),
        cmocka_unit_test(test_statistics_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
