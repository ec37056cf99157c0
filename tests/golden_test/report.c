/* The runner's output: case, group, error, tolerance, verdict. */
#include "golden_test/report.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/module.h"

static void print_place(const char *name, const char *group)
{
    printf("%-20s %-30s ", name, group);
}

void report_error(golden_report *report, const char *name, const char *group, double error,
                  double tolerance, const char *detail)
{
    bool passed = error <= tolerance;
    print_place(name, group);
    printf("%9.2e %7.0e  %s", error, tolerance, passed ? "ok" : "FAILED");
    if (detail && detail[0] != '\0')
        printf(" (%s)", detail);
    putchar('\n');
    if (passed)
        report->passed++;
    else
        report->failed++;
}

void report_failure(golden_report *report, const char *name, const char *group, const char *format,
                    ...)
{
    char reason[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (strstr(reason, SG_MODULE_LEFT_OUT)) {
        report_skip(report, name, group, "%s", reason);
        return;
    }
    print_place(name, group);
    printf("%9s %7s  FAILED (%s)\n", "-", "-", reason);
    report->failed++;
}

void report_skip(golden_report *report, const char *name, const char *group, const char *format,
                 ...)
{
    va_list arguments;
    print_place(name, group);
    printf("%9s %7s  skipped: ", "-", "-");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    report->skipped++;
}

int report_finish(const golden_report *report)
{
    printf("%d passed, %d failed, %d skipped\n", report->passed, report->failed, report->skipped);
    return report->failed > 0 || report->passed == 0 ? 1 : 0;
}
