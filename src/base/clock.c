/* The monotonic clock and the process's peak memory. */
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

double sg_clock_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double sg_process_peak_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024.0 * (double)usage.ru_maxrss : 0;
}

const char *sg_print_duration(char *text, double seconds)
{
    static const struct {
        double seconds; /* of the unit */
        double most;    /* as many units are not yet the next one */
        const char *name;
        int digits;
    } units[] = {{1, 90, "second", 0},
                 {60, 90, "minute", 0},
                 {3600, 48, "hour", 1},
                 {86400, 730, "day", 0},
                 {365.25 * 86400, INFINITY, "year", 1}};
    size_t unit = 0;
    while (seconds / units[unit].seconds >= units[unit].most)
        unit++;
    char number[SG_DURATION_BYTES - 8];
    snprintf(number, sizeof number, "%.*f", units[unit].digits,
             fmin(seconds / units[unit].seconds, 1e9));
    snprintf(text, SG_DURATION_BYTES, "%s %s%s", number, units[unit].name,
             strcmp(number, "1") == 0 ? "" : "s");
    return text;
}
