/*
 * The table of metrics, and measuring by it. `stylegan metrics` and `train --metrics` walk the
 * table, so a new metric is a row in measure.c and the file that computes it.
 */
#ifndef SG_METRICS_MEASURE_H
#define SG_METRICS_MEASURE_H

#include "base/fields.h"
#include "base/watch.h"
#include "metrics/metric.h"

extern const sg_metric sg_metrics[];
extern const size_t sg_metric_count;

enum { SG_MOST_METRICS = 32 };

/* Metrics that are wanted: a bit for each row of the table, and how many pictures they take. */
typedef struct sg_metric_list {
    uint32_t bits;
    int thousands; /* of pictures: the number in the names, 50 in the table's */
} sg_metric_list;

bool sg_metric_is_wanted(const sg_metric_list *list, size_t index);

/*
 * Parses names with commas between; "none" alone is an empty list. A name may have another number
 * of thousands than the table's ("eqt1k_int"), the same one in all names. Fails with
 * SG_ERROR_ARGUMENT and the part of a sentence that follows the option's name: "takes ..., not
 * \"...\"".
 */
extern const sg_field_codec sg_metric_list_codec;

enum { SG_METRIC_NAME_BYTES = 32 };

/* Writes the name of row `index` with the list's number to `name`; returns `name`. */
const char *sg_metric_name(const sg_metric_list *list, size_t index, char *name);

/* Fails with SG_ERROR_ARGUMENT for a generator that a metric of the list cannot measure. */
sg_status sg_metric_list_check(const sg_metric_list *list, sg_generator *generator,
                               sg_error *error);

/*
 * Measures the metrics of the list; values[i] is that of row i of the table, the others are left
 * alone. Fails as sg_metric_list_check does, and with SG_ERROR_CANCELLED when `watch` (may be NULL)
 * asks to stop.
 */
sg_status sg_measure(const sg_metric_setup *setup, const sg_metric_list *list,
                     const sg_watch *watch, double *values, sg_error *error);

#endif
