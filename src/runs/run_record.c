/* Reads a run folder part by part; see run_record.h. */
#include "runs/run_record.h"

#include <dirent.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/text.h"
#include "runs/record_parts.h"
#include "train/measure/metric_log.h"

enum { LARGEST_STATISTICS = 1 << 28, MOST_SHEETS = 100000, DIGITS = 9 };

static const char fakes[] = "fakes-";
static const char reconstructions[] = "reconstructions-";

static sg_status fail_memory(const sg_run_record *run, sg_error *error)
{
    return sg_fail_memory(error, "the record of %s", run->folder);
}

/* ---- statistics ---- */

static sg_status read_statistics(sg_run_record *run, sg_error *error)
{
    char *path = sg_path_join(run->folder, "stats.jsonl");
    unsigned char *bytes = NULL;
    size_t size = 0;
    const char *batch = sg_record_option_value(run, "batch");
    if (!path)
        return fail_memory(run, error);
    sg_status status = SG_OK;
    if (sg_path_exists(path))
        status = sg_read_file(path, LARGEST_STATISTICS, &bytes, &size, error);
    if (!status && bytes)
        status =
            sg_run_history_parse((const char *)bytes, size,
                                 batch ? (int)strtol(batch, NULL, 10) : 0, &run->history, error);
    free(bytes);
    free(path);
    return status;
}

/* ---- metrics ---- */

/* Adds value `k` of the points of a metric. */
static sg_status add_metric(sg_run_record *run, const sg_metric_item *item, size_t k,
                            const sg_metric_point *points, size_t count, sg_error *error)
{
    sg_record_metric metric = {.count = count, .better = k == 0 ? sg_metric_of(item)->better : 0};
    sg_metric_key(item, k, metric.key);
    metric.kimg = sg_allocate(count, 2 * sizeof(double));
    if (!metric.kimg ||
        !sg_grow(&run->metrics, &run->metric_capacity, run->metric_count, sizeof *run->metrics)) {
        free(metric.kimg);
        return fail_memory(run, error);
    }
    metric.values = metric.kimg + count;
    for (size_t i = 0; i < count; i++) {
        metric.kimg[i] = (double)points[i].images / 1000;
        metric.values[i] = points[i].values[k];
    }
    size_t at = run->metric_count++;
    for (; at > 0 && strcmp(run->metrics[at - 1].key, metric.key) > 0; at--)
        run->metrics[at] = run->metrics[at - 1];
    run->metrics[at] = metric;
    return SG_OK;
}

/* True if value `k` of any point is a number. */
static bool was_measured(const sg_metric_point *points, size_t count, size_t k)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(points[i].values[k]))
            return true;
    return false;
}

/* Reads the file of a metric; a name that the table does not know has no values. */
static sg_status read_metric(sg_run_record *run, const char *name, sg_error *error)
{
    sg_metric_list list = {0};
    sg_metric_point *points = NULL;
    size_t count = 0;
    if (!sg_metric_list_add(&list, name))
        return SG_OK;
    const sg_metric_item *item = &list.items[0];
    sg_status status = sg_metric_log_read(run->folder, item, &points, &count, error);
    for (size_t k = 0; !status && k < sg_metric_value_count(sg_metric_of(item)); k++)
        if (was_measured(points, count, k))
            status = add_metric(run, item, k, points, count, error);
    free(points);
    return status;
}

size_t sg_record_metric_best(const sg_record_metric *metric)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < metric->count; i++)
        if (isfinite(metric->values[i]) &&
            (best == SIZE_MAX || metric->better == 0 ||
             (metric->values[i] - metric->values[best]) * metric->better > 0))
            best = i;
    return best;
}

const sg_record_metric *sg_record_metric_of(const sg_run_record *run, const char *key)
{
    for (size_t i = 0; i < run->metric_count; i++)
        if (strcmp(run->metrics[i].key, key) == 0)
            return &run->metrics[i];
    return NULL;
}

/* ---- the folder's names ---- */

/* Reads the number of images in "PREFIX000012000.ENDING"; false for another name. */
static bool read_images(const char *name, const char *prefix, const char *ending, double *kimg)
{
    char *end = NULL;
    if (!sg_has_prefix(name, prefix))
        return false;
    const char *digits = name + strlen(prefix);
    const unsigned long long images = strtoull(digits, &end, 10);
    *kimg = (double)images / 1000;
    return end - digits >= DIGITS && strcmp(end, ending) == 0;
}

static sg_status add_sheet(sg_run_record *run, double kimg, sg_error *error)
{
    if (run->sheet_count >= MOST_SHEETS)
        return SG_OK;
    if (!sg_grow(&run->sheets, &run->sheet_capacity, run->sheet_count, sizeof *run->sheets))
        return fail_memory(run, error);
    size_t at = run->sheet_count++;
    for (; at > 0 && run->sheets[at - 1] > kimg; at--)
        run->sheets[at] = run->sheets[at - 1];
    run->sheets[at] = kimg;
    return SG_OK;
}

/* Takes one name of the folder. */
static sg_status take_name(sg_run_record *run, const char *name, sg_error *error)
{
    static const char metric[] = "metric-";
    char key[SG_METRIC_NAME_BYTES];
    double kimg = 0;
    const size_t length = strlen(name);
    if (read_images(name, run->sheet_prefix, ".png", &kimg))
        return add_sheet(run, kimg, error);
    if (read_images(name, "network-snapshot-", ".safetensors", &kimg))
        return sg_record_add_event(run, SG_RECORD_SNAPSHOT, kimg, "", error);
    if (!sg_has_prefix(name, metric) || !sg_has_suffix(name, ".jsonl") ||
        length - strlen(".jsonl") - strlen(metric) >= sizeof key)
        return SG_OK;
    snprintf(key, sizeof key, "%.*s", (int)(length - strlen(".jsonl") - strlen(metric)),
             name + strlen(metric));
    return read_metric(run, key, error);
}

static sg_status read_names(sg_run_record *run, sg_error *error)
{
    sg_status status = SG_OK;
    DIR *directory = opendir(run->folder);
    if (!directory)
        return sg_file_fail_open(run->folder, error);
    for (const struct dirent *entry; !status && (entry = readdir(directory));)
        status = take_name(run, entry->d_name, error);
    closedir(directory);
    return status;
}

void sg_record_sheet_path(const sg_run_record *run, double kimg, char *path, size_t size)
{
    snprintf(path, size, "%s/%s%0*llu.png", run->folder, run->sheet_prefix, DIGITS,
             (unsigned long long)llround(kimg * 1000));
}

/* ---- the whole ---- */

static bool holds(const char *folder, const char *name)
{
    char *path = sg_path_join(folder, name);
    const bool found = path && sg_path_is_regular(path);
    free(path);
    return found;
}

bool sg_run_record_is_there(const char *folder)
{
    return holds(folder, "training_options.json") || holds(folder, "stats.jsonl");
}

sg_status sg_run_record_open(const char *folder, sg_run_record *run, sg_error *error)
{
    size_t length = 0;
    const char *name = sg_path_last(folder, &length);
    *run = (sg_run_record){.sheet_prefix = fakes};
    if (!sg_run_record_is_there(folder))
        return sg_fail(error, SG_ERROR_FILE,
                       "%s is no run folder: it holds neither training_options.json nor "
                       "stats.jsonl",
                       folder);
    snprintf(run->name, sizeof run->name, "%.*s", (int)length, name);
    run->folder = sg_duplicate_text(folder);
    if (!run->folder)
        return sg_fail_memory(error, "%s", folder);
    SG_TRY(sg_record_read_options(run, error));
    SG_TRY(read_statistics(run, error));
    SG_TRY(sg_record_read_log(run, error));
    const char *cfg = sg_record_option_value(run, "cfg");
    if (cfg && sg_has_prefix(cfg, "encoder-"))
        run->sheet_prefix = reconstructions;
    return read_names(run, error);
}

void sg_run_record_respell(sg_run_record *run, sg_respell respell)
{
    for (size_t i = 0; respell && i < run->event_count; i++)
        if (run->events[i].kind == SG_RECORD_WARNING)
            respell(run->events[i].text, sizeof run->events[i].text);
}

void sg_run_record_close(sg_run_record *run)
{
    for (size_t i = 0; i < run->option_count; i++) {
        free(run->options[i].name);
        free(run->options[i].value);
    }
    for (size_t i = 0; i < run->metric_count; i++)
        free(run->metrics[i].kimg);
    free(run->options);
    free(run->metrics);
    free(run->events);
    free(run->sheets);
    free(run->folder);
    sg_run_history_clear(&run->history);
    *run = (sg_run_record){0};
}
