/* Lists of metrics as options spell them: names of the table's rows with numbers of samples. */
#ifndef SG_METRICS_MEASURE_METRIC_LIST_H
#define SG_METRICS_MEASURE_METRIC_LIST_H

#include "base/fields.h"
#include "metrics/measure/metric_table.h"

enum {
    SG_MOST_METRICS = 32,
    SG_METRIC_NAME_BYTES = 32,
    SG_METRIC_KEY_BYTES = 64,
    SG_METRIC_MOST_THOUSANDS = 1000000
};

/* One metric that is wanted. */
typedef struct sg_metric_item {
    int row;       /* of sg_metrics */
    int thousands; /* of samples */
} sg_metric_item;

/* Metrics in the order in which they were named. */
typedef struct sg_metric_list {
    size_t count;
    sg_metric_item items[SG_MOST_METRICS];
} sg_metric_list;

/*
 * Parses names with commas between; "none" alone is an empty list. A name may have another number
 * of thousands than the official one ("fid5k_full", "ls10k"). A name that stands twice counts once.
 * Fails with SG_ERROR_ARGUMENT and the part of a sentence that follows the option's name: "takes
 * ..., not \"...\"".
 */
extern const sg_field_codec sg_metric_list_codec;

/* Adds the row of that name with its number; false for an unknown name or a full list. */
bool sg_metric_list_add(sg_metric_list *list, const char *name);

/* Returns the item's row. */
const sg_metric *sg_metric_of(const sg_metric_item *item);

/* Writes the item's name to `name` of SG_METRIC_NAME_BYTES; returns `name`. */
const char *sg_metric_name(const sg_metric_item *item, char *name);

/* Writes the official key of value `k` of the item's results, such as "is50k_mean", to `key` of
 * SG_METRIC_KEY_BYTES; returns `key`. */
const char *sg_metric_key(const sg_metric_item *item, size_t k, char *key);

/* Writes the official name of a row to `name` of SG_METRIC_NAME_BYTES; returns `name`. */
const char *sg_metric_official_name(const sg_metric *metric, char *name);

/* Returns the first item that tells better from worse, by which the best snapshot is chosen;
 * otherwise the first one. The list is not empty. */
const sg_metric_item *sg_metric_list_judge(const sg_metric_list *list);

/* Returns the number of samples of an item. */
size_t sg_metric_samples(const sg_metric_item *item);

#endif
