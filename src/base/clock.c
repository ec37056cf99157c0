/* The monotonic clock and the process's peak memory. */
#include "base/clock.h"

#include <math.h>
#include <stdbool.h>
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

/* Returns the first number after `label` in a small file; the first number at all if it is empty; a
 * negative one if there is none. */
static double read_number(const char *path, const char *label)
{
    char text[4096];
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    const char *at = strstr(text, label);
    double number = -1;
    return at && sscanf(at + strlen(label), "%lf", &number) == 1 ? number : -1;
}

double sg_available_bytes(void)
{
    const double available = 1024 * read_number("/proc/meminfo", "MemAvailable:");
    const double limit = read_number("/sys/fs/cgroup/memory.max", "");
    const double used = read_number("/sys/fs/cgroup/memory.current", "");
    const bool limited = limit >= 0 && used >= 0;
    if (available < 0)
        return 0;
    return limited ? fmin(available, fmax(limit - used, 0)) : available;
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
