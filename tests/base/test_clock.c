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

static void durations_have_a_fitting_unit(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0, "0 seconds"},
                 {1, "1 second"},
                 {89, "89 seconds"},
                 {90, "2 minutes"},
                 {60 * 89, "89 minutes"},
                 {3600 * 1.5, "1.5 hours"},
                 {3600 * 47, "47.0 hours"},
                 {86400 * 2, "2 days"},
                 {86400 * 729.4, "729 days"},
                 {107275020 * 1.0, "3.4 years"},
                 {1e300, "1000000000.0 years"}};
    char text[SG_DURATION_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sg_print_duration(text, cases[i].seconds), cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_clock_counts_seconds),
                                       cmocka_unit_test(the_peak_is_in_bytes),
                                       cmocka_unit_test(durations_have_a_fitting_unit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
