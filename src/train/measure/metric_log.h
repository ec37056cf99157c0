/*
 * What was measured of a run's snapshots: a line in metric-NAME.jsonl for each, with the keys of
 * the official programs, from which the best snapshot and curves follow.
 */
#ifndef SG_TRAIN_MEASURE_METRIC_LOG_H
#define SG_TRAIN_MEASURE_METRIC_LOG_H

#include "metrics/measure/measurer.h"

enum { SG_SNAPSHOT_NAME_BYTES = 64 };

/* One line. */
typedef struct sg_metric_point {
    uint64_t images; /* that the snapshot had seen */
    double values[SG_METRIC_MOST_VALUES];
} sg_metric_point;

/* Makes an empty metric-NAME.jsonl in the folder, as a sign that the metric is measured; true if
 * the file was there before. */
bool sg_metric_log_begin(const char *folder, const sg_metric_item *item);

/*
 * Appends a line to metric-NAME.jsonl of the folder: "results", "metric", "total_time",
 * "total_time_str", "num_gpus", "snapshot_pkl", "timestamp". Fails with SG_ERROR_FILE.
 */
sg_status sg_metric_log_append(const char *folder, uint64_t images, const sg_metric_result *result,
                               sg_error *error);

/*
 * Reads the lines of a metric in *points [*count], in the order of the snapshots; of several lines
 * of one snapshot the last counts, and lines that cannot be read are passed over. The caller frees
 * the points. Fails with SG_ERROR_MEMORY; a missing file has no points.
 */
sg_status sg_metric_log_read(const char *folder, const sg_metric_item *item,
                             sg_metric_point **points, size_t *count, sg_error *error);

/*
 * Finds the snapshot whose first value of the metric is the best among those whose network is still
 * there; false where there is none, or where neither more nor less is better.
 */
bool sg_metric_log_best(const char *folder, const sg_metric_item *item, sg_metric_point *best);

/* Writes the name of the network file after `images` images to `name`; returns `name`. */
const char *sg_snapshot_name(uint64_t images, char name[SG_SNAPSHOT_NAME_BYTES]);

/*
 * Writes best.json: the metric, its value, the snapshot's file and its kimg. Fails with
 * SG_ERROR_FILE.
 */
sg_status sg_metric_log_name_best(const char *folder, const sg_metric_item *item,
                                  const sg_metric_point *best, sg_error *error);

/*
 * Draws the metrics of the list, as far as they were measured, over images seen into a PNG file.
 * Does nothing before two snapshots were measured.
 */
sg_status sg_metric_log_draw(const char *folder, const sg_metric_list *list, const char *path,
                             sg_error *error);

#endif
