/*
 * Prints results of metrics; see metrics_report.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "cli/metrics/metrics_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_COLUMN = 40 };

/* Calls `show` for each value of each result; without results, for each of an empty one. */
static void each_value(const sg_metric_list *metrics, const sg_metric_result *results,
                       void (*show)(void *user, const char *key, const sg_metric_result *result,
                                    size_t k),
                       void *user)
{
    static const sg_metric_result empty;
    char key[SG_METRIC_KEY_BYTES];
    for (size_t i = 0; i < metrics->count; i++)
        for (size_t k = 0; k < sg_metric_value_count(sg_metric_of(&metrics->items[i])); k++)
            show(user, sg_metric_key(&metrics->items[i], k, key), results ? &results[i] : &empty,
                 k);
}

/* ---- text ---- */

/* Returns the value without the sign of a zero: five places of -1e-9 read "-0.00000". */
static double shown(double value)
{
    return fabs(value) < 0.5e-5 ? 0 : value;
}

static void show_line(void *user, const char *key, const sg_metric_result *result, size_t k)
{
    const char *unit = sg_metric_of(&result->item)->unit;
    (void)user;
    printf("%-22s %.*f", key, unit[0] ? 2 : 5, shown(result->values[k]));
    if (isfinite(result->errors[k]))
        printf(" +- %.5f", result->errors[k]);
    printf("%s%s\n", unit[0] ? " " : "", unit);
}

/* Columns are as wide as their headings, twelve at least. */
static int column_width(const char *key)
{
    const int length = (int)strlen(key);
    return length < 12 ? 12 : length;
}

static void show_heading(void *user, const char *key, const sg_metric_result *result, size_t k)
{
    (void)user;
    (void)result;
    (void)k;
    printf("  %*s", column_width(key), key);
}

static void show_cell(void *user, const char *key, const sg_metric_result *result, size_t k)
{
    (void)user;
    printf("  %*.5f", column_width(key), shown(result->values[k]));
}

/* Returns the end of a path, as much of it as fits into the column. */
static const char *end_of(const char *path)
{
    const size_t length = strlen(path);
    return length > NAME_COLUMN ? path + length - NAME_COLUMN : path;
}

static void print_text(const sg_metrics_report *report, const sg_measured *subject,
                       const sg_metric_result *results)
{
    if (report->subjects == 1) {
        each_value(report->metrics, results, show_line, NULL);
        return;
    }
    if (report->printed == 0) {
        printf("%-*s", NAME_COLUMN, "");
        each_value(report->metrics, NULL, show_heading, NULL);
        printf("\n");
    }
    printf("%-*s", NAME_COLUMN, end_of(subject->name));
    each_value(report->metrics, results, show_cell, NULL);
    printf("\n");
}

/* ---- CSV ---- */

/* Prints a field of a table, quoted where it has to be (RFC 4180). */
static void print_field(const char *text)
{
    if (!strpbrk(text, ",\"\n\r")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void show_name(void *user, const char *key, const sg_metric_result *result, size_t k)
{
    (void)user;
    (void)result;
    (void)k;
    printf(",%s", key);
}

static void show_number(void *user, const char *key, const sg_metric_result *result, size_t k)
{
    (void)user;
    (void)key;
    printf(",%.17g", result->values[k]);
}

static void print_csv(const sg_metrics_report *report, const sg_measured *subject,
                      const sg_metric_result *results)
{
    if (report->printed == 0) {
        printf("subject");
        each_value(report->metrics, NULL, show_name, NULL);
        printf("\n");
    }
    print_field(subject->name);
    each_value(report->metrics, results, show_number, NULL);
    printf("\n");
}

/* ---- JSON ---- */

static sg_status print_json(const sg_metrics_report *report, sg_measurer *measurer,
                            const sg_measured *subject, const sg_metric_result *results,
                            sg_error *error)
{
    for (size_t i = 0; i < report->metrics->count; i++) {
        cJSON *object = sg_metric_result_json(measurer, subject, &results[i]);
        char *text = object ? cJSON_PrintUnformatted(object) : NULL;
        cJSON_Delete(object);
        if (!text)
            return sg_fail_memory(error, "the JSON report");
        puts(text);
        cJSON_free(text);
    }
    return SG_OK;
}

/* ---- all of it ---- */

sg_status sg_metrics_print(sg_metrics_report *report, sg_measurer *measurer,
                           const sg_measured *subject, const sg_metric_result *results,
                           sg_error *error)
{
    if (report->form == SG_METRICS_JSON)
        SG_TRY(print_json(report, measurer, subject, results, error));
    if (report->form == SG_METRICS_CSV)
        print_csv(report, subject, results);
    if (report->form == SG_METRICS_TEXT)
        print_text(report, subject, results);
    fflush(stdout);
    report->printed++;
    return SG_OK;
}
