/*
 * Linux tells memory in /proc and /sys/fs/cgroup. A process is in a path of control groups, each of
 * which may have a limit; pages of files that nobody writes to count as used there, though they
 * are given back on demand.
 */
#include "base/machine/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* Returns the first number after `label` in a small file; the first number at all if it is empty; a
 * negative one if there is none. */
static double read_number(const char *path, const char *label)
{
    char text[8192];
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    const char *at = strstr(text, label);
    double number = -1;
    return at && sscanf(at + strlen(label), "%lf", &number) == 1 ? number : -1;
}

/* Returns what a control group's folder leaves; infinite without a limit there. */
static double left_in_group(const char *folder)
{
    char path[PATH_BYTES + 32];
    snprintf(path, sizeof path, "%s/memory.max", folder);
    const double limit = read_number(path, "");
    snprintf(path, sizeof path, "%s/memory.current", folder);
    const double used = read_number(path, "");
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    const double files = read_number(path, "\ninactive_file ");
    return limit < 0 || used < 0 ? INFINITY : fmax(limit - used + fmax(files, 0), 0);
}

/* Writes the folder of the process's own control group (version 2) to `folder`. */
static void find_group(char folder[PATH_BYTES])
{
    char line[PATH_BYTES - 32] = "";
    FILE *file = fopen("/proc/self/cgroup", "re");
    snprintf(folder, PATH_BYTES, "/sys/fs/cgroup");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "0::/", 4) == 0) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(folder, PATH_BYTES, "/sys/fs/cgroup%s", line + 3);
        }
    if (file)
        fclose(file);
}

/* Returns what the control groups leave, from the process's own up to the root. */
static double left_in_groups(void)
{
    char folder[PATH_BYTES];
    double left = INFINITY;
    find_group(folder);
    for (;;) {
        left = fmin(left, left_in_group(folder));
        char *slash = strrchr(folder, '/');
        if (strcmp(folder, "/sys/fs/cgroup") == 0 || !slash || slash == folder)
            return left;
        *slash = '\0';
    }
}

double sg_available_bytes(void)
{
    const double available = 1024 * read_number("/proc/meminfo", "MemAvailable:");
    return available < 0 ? 0 : fmin(available, left_in_groups());
}

/* Returns a number of /proc/self/statm (0: the address space, 1: in memory), in bytes. */
static double own_bytes(int index)
{
    double pages[2] = {0, 0};
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%lf %lf", &pages[0], &pages[1]) != 2)
        pages[index] = 0;
    if (file)
        fclose(file);
    return pages[index] * (double)sysconf(_SC_PAGESIZE);
}

double sg_resident_bytes(void)
{
    return own_bytes(1);
}

/* ---- refusals ---- */

/* What there is of something, and how a sentence says so. */
typedef struct bound {
    double bytes;
    const char *words; /* "this machine has", before the number */
} bound;

static void tighten(bound *least, double bytes, const char *words)
{
    if (bytes < least->bytes)
        *least = (bound){fmax(bytes, 0), words};
}

/* Returns what is left for this process, infinite if unknown. */
static bound find_bound(uint64_t limit)
{
    bound least = {INFINITY, ""};
    struct rlimit space;
    const double memory = 1024 * read_number("/proc/meminfo", "MemAvailable:");
    const double swap = 1024 * read_number("/proc/meminfo", "SwapFree:");
    if (memory >= 0)
        tighten(&least, memory + fmax(swap, 0), "this machine has");
    tighten(&least, left_in_groups(), "the control group of this process has");
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        tighten(&least, (double)space.rlim_cur - own_bytes(0),
                "the limit of this process's address space (ulimit -v) leaves");
    if (limit > 0)
        tighten(&least, (double)limit - own_bytes(1), "\"memory\" leaves");
    return least;
}

const char *sg_print_bytes(char *text, double bytes)
{
    static const char *const units[] = {"MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;
    double number = bytes * 1e-6;
    while (number >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        number *= 1e-3;
        unit++;
    }
    snprintf(text, SG_BYTES_BYTES, number < 9.95 ? "%.1f %s" : "%.0f %s", fmin(number, 1e12),
             units[unit]);
    return text;
}

sg_status sg_memory_check(double bytes, uint64_t limit, const char *subject, sg_error *error)
{
    char needed[SG_BYTES_BYTES];
    char left[SG_BYTES_BYTES];
    const bound there = find_bound(limit);
    if (bytes <= there.bytes)
        return SG_OK;
    return sg_fail(error, SG_ERROR_MEMORY, "%s takes about %s of memory, but %s only %s", subject,
                   sg_print_bytes(needed, bytes), there.words, sg_print_bytes(left, there.bytes));
}

/* ---- options ---- */

static sg_status parse_bytes(const char *text, void *value, sg_error *error)
{
    static const char suffixes[] = "KMGT";
    static const double most = 9007199254740992.0; /* 2^53, the most that is exact */
    const char *end = text;
    char *stop = NULL;
    double number = *text >= '0' && *text <= '9' ? strtod(text, &stop) : -1;
    if (stop)
        end = stop;
    const char *suffix = number > 0 && *end ? strchr(suffixes, *end & ~0x20) : NULL;
    if (suffix) {
        number = ldexp(number, 10 * (int)(suffix - suffixes + 1));
        end++;
    }
    if (!(number >= 1 && number <= most) || *end)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "takes bytes, as 512M, 24G or 1.5T, from 1 to %.0fT, not \"%.50s\"",
                       most / 0x1p40, text);
    *(uint64_t *)value = (uint64_t)number;
    return SG_OK;
}

const sg_field_codec sg_bytes_codec = {.parse = parse_bytes};
