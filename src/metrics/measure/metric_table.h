/*
 * The table of metrics. A metric is a row: its name, what it needs, and how its values follow from
 * what was gathered. `stylegan metrics` and `train --metrics` walk the table, so a new metric is a
 * row in metric_table.c and the function that computes it.
 */
#ifndef SG_METRICS_MEASURE_METRIC_TABLE_H
#define SG_METRICS_MEASURE_METRIC_TABLE_H

#include "metrics/measure/metric_row.h"

extern const sg_metric sg_metrics[];
extern const size_t sg_metric_count;

/* Returns how many values a metric has. */
size_t sg_metric_value_count(const sg_metric *metric);

#endif
