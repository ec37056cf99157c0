/* One line per compared group, and the count of them. */
#ifndef GOLDEN_TEST_REPORT_H
#define GOLDEN_TEST_REPORT_H

/* How many groups went which way. */
typedef struct golden_report {
    int passed, failed, skipped;
} golden_report;

/*
 * A group that was computed: it passes when error <= tolerance, which NaN is not. `detail` is a
 * remark in brackets, such as the worst tensor of a failure; NULL or empty for none.
 */
void report_error(golden_report *report, const char *name, const char *group, double error,
                  double tolerance, const char *detail);

/* A group that failed before there was an error to measure. */
void report_failure(golden_report *report, const char *name, const char *group, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* A group that this build cannot compute, or for which an input is absent. */
void report_skip(golden_report *report, const char *name, const char *group, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

/* The last line; returns the program's exit status. */
int report_finish(const golden_report *report);

#endif
