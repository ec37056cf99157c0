/* See cost.h. */
#include "support/cost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

#define SECONDS 5.0
#define PEAK_BYTES 500e6

static double started;

/* Not the clock on the wall: other programs' load is no fault of the test's. */
static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

int cost_setup(void **state)
{
    (void)state;
    started = processor_seconds();
    return 0;
}

/* A value other than 0 fails the test. */
int cost_teardown(void **state)
{
    (void)state;
    double seconds = processor_seconds() - started;
    double peak = sg_process_peak_bytes();
    if (COST_IS_OURS && (seconds > SECONDS || peak > PEAK_BYTES)) {
        print_error("took %.1f s, the process has used %.0f MB\n", seconds, peak / 1e6);
        return 1;
    }
    return 0;
}
