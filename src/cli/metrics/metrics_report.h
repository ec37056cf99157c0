/* Results of `stylegan metrics` on standard output: text, a table, CSV, lines of JSON. */
#ifndef SG_CLI_METRICS_METRICS_REPORT_H
#define SG_CLI_METRICS_METRICS_REPORT_H

#include "metrics/measure/measurer.h"

/* The form of the output. */
typedef enum sg_metrics_form { SG_METRICS_TEXT, SG_METRICS_CSV, SG_METRICS_JSON } sg_metrics_form;

/* Subjects of one call, as their results come in. */
typedef struct sg_metrics_report {
    sg_metrics_form form;
    const sg_metric_list *metrics;
    size_t subjects; /* how many there will be: a table for several */
    size_t printed;
} sg_metrics_report;

/* Prints a subject's results, after a heading where the form has one. */
sg_status sg_metrics_print(sg_metrics_report *report, sg_measurer *measurer,
                           const sg_measured *subject, const sg_metric_result *results,
                           sg_error *error);

#endif
