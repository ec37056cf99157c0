/*
 * The table of metrics, and measuring by it. `stylegan metrics` and `train --metrics` walk the
 * table, so a new metric is a row in measure.c and the file that computes it.
 */
#ifndef SG_METRICS_MEASURE_H
#define SG_METRICS_MEASURE_H

#include "base/watch.h"
#include "metrics/metric.h"

extern const sg_metric sg_metrics[];
extern const size_t sg_metric_count;

enum { SG_MOST_METRICS = 32 };

/* Metrics that are wanted, by a bit for each row of the table. */
typedef struct sg_metric_list {
    uint32_t bits;
} sg_metric_list;

bool sg_metric_is_wanted(const sg_metric_list *list, size_t index);

/*
 * Reads names with commas between; "none" alone is an empty list. Fails with SG_ERROR_ARGUMENT and
 * the part of a sentence that follows the option's name: "takes ..., not \"...\"".
 */
sg_status sg_metric_list_parse(const char *text, sg_metric_list *list, sg_error *error);

/*
 * Measures the metrics of the list; values[i] is that of row i of the table, the others are left
 * alone. Fails with SG_ERROR_ARGUMENT for a generator that a metric cannot measure, with
 * SG_ERROR_CANCELLED when `watch` (may be NULL) asks to stop.
 */
sg_status sg_measure(const sg_metric_setup *setup, const sg_metric_list *list,
                     const sg_watch *watch, double *values, sg_error *error);

#endif
