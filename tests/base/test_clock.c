/* The clock goes forward at the world's pace, and the process has used some memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static void the_clock_counts_seconds(void **state)
{
    (void)state;
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    double start = sg_clock_seconds();
    nanosleep(&pause, NULL);
    double passed = sg_clock_seconds() - start;
    assert_true(passed >= 0.02 && passed < 10);
}

static void the_peak_is_in_bytes(void **state)
{
    (void)state;
    double peak = sg_process_peak_bytes();
    assert_true(peak > 1e5 && peak < 1e12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_clock_counts_seconds),
                                       cmocka_unit_test(the_peak_is_in_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
