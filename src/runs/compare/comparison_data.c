/*
 * A comparison as data: compare.json, and all curves in curves.csv.
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/fields.h"
#include "runs/compare/comparison_inside.h"
#include "runs/run_record.h"

/* ---- JSON ---- */

/* Adds a number, null for one that JSON does not have. */
static bool add_number(cJSON *object, const char *key, double value)
{
    return sg_json_add(object, key,
                       isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

static bool add_metrics(cJSON *object, const sg_run_record *run)
{
    bool whole = object;
    for (size_t i = 0; i < run->metric_count && whole; i++) {
        const sg_record_metric *metric = &run->metrics[i];
        const size_t best = sg_record_metric_best(metric);
        cJSON *item = cJSON_AddObjectToObject(object, metric->key);
        whole = item && add_number(item, "last", metric->values[metric->count - 1]) &&
                (best == SIZE_MAX || metric->better == 0 ||
                 (add_number(item, "best", metric->values[best]) &&
                  add_number(item, "best_kimg", metric->kimg[best])));
    }
    return whole;
}

static bool add_warnings(cJSON *list, const sg_run_record *run)
{
    bool whole = list;
    for (size_t i = 0; i < run->event_count && whole; i++) {
        const sg_record_event *event = &run->events[i];
        if (event->kind != SG_RECORD_WARNING)
            continue;
        cJSON *item = cJSON_CreateObject();
        whole = add_number(item, "kimg", event->kimg) &&
                cJSON_AddStringToObject(item, "text", event->text) &&
                cJSON_AddItemToArray(list, item);
        if (!whole)
            cJSON_Delete(item);
    }
    return whole;
}

static bool add_options(cJSON *object, const sg_run_record *run)
{
    bool whole = object;
    for (size_t i = 0; i < run->option_count && whole; i++)
        whole = cJSON_AddStringToObject(object, run->options[i].name, run->options[i].value);
    return whole;
}

static bool add_run(cJSON *list, const sg_run_record *run, const char *label)
{
    cJSON *item = cJSON_CreateObject();
    const bool whole =
        cJSON_AddStringToObject(item, "label", label) &&
        cJSON_AddStringToObject(item, "folder", run->folder) &&
        add_number(item, "kimg", sg_comparison_kimg(run)) &&
        add_number(item, "ticks", (double)run->history.count) &&
        add_number(item, "seconds", sg_comparison_seconds(run)) &&
        add_number(item, "seconds_per_kimg", sg_comparison_pace(run)) &&
        add_number(item, "memory_gb", sg_comparison_last(run, "Resources/cpu_mem_gb")) &&
        add_metrics(cJSON_AddObjectToObject(item, "metrics"), run) &&
        add_warnings(cJSON_AddArrayToObject(item, "warnings"), run) &&
        add_options(cJSON_AddObjectToObject(item, "options"), run);
    if (whole && cJSON_AddItemToArray(list, item))
        return true;
    cJSON_Delete(item);
    return false;
}

/* Adds the options that differ, each with its values in the order of the runs. */
static bool add_differences(cJSON *object, const sg_page_table *table)
{
    bool whole = object;
    for (size_t row = 1; row < table->row_count && whole; row++) {
        char **cells = table->cells + row * table->column_count;
        whole = sg_json_add(object, cells[0],
                            cJSON_CreateStringArray((const char *const *)(cells + 1),
                                                    (int)table->column_count - 1));
    }
    return whole;
}

sg_status sg_comparison_write_json(const sg_comparison *all, sg_error *error)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(root, "runs");
    bool whole = list;
    for (size_t i = 0; i < all->run_count && whole; i++)
        whole = add_run(list, &all->runs[i], all->labels[i]);
    whole = whole && add_differences(cJSON_AddObjectToObject(root, "options_that_differ"),
                                     &all->differences);
    char *text = whole ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    const sg_status status =
        text ? sg_comparison_write_file(all, "compare.json", text, strlen(text), error)
             : sg_fail_memory(error, "compare.json");
    cJSON_free(text);
    return status;
}

/* ---- curves ---- */

/* Appends one number of a curve: label, name, kimg, steps, seconds, value. */
static void append_point(sg_text *text, const char *label, const char *name, const double place[3],
                         double value)
{
    char number[SG_NUMBER_TEXT_BYTES];
    sg_text_append_csv(text, label);
    sg_text_append(text, ",");
    sg_text_append_csv(text, name);
    for (int i = 0; i < 3; i++) {
        sg_print_number(number, place[i]);
        sg_text_append(text, ",%s", isfinite(place[i]) ? number : "");
    }
    sg_print_number(number, value);
    sg_text_append(text, ",%s\n", number);
}

static void append_run(sg_text *text, const sg_run_record *run, const char *label)
{
    const sg_run_history *history = &run->history;
    for (size_t c = 0; c < history->column_count; c++)
        for (size_t i = 0; i < history->count; i++) {
            const double place[] = {history->kimg[i], history->steps[i], history->seconds[i]};
            if (isfinite(history->columns[c].values[i]))
                append_point(text, label, history->columns[c].name, place,
                             history->columns[c].values[i]);
        }
    for (size_t m = 0; m < run->metric_count; m++)
        for (size_t i = 0; i < run->metrics[m].count; i++) {
            const double kimg = run->metrics[m].kimg[i];
            const double place[] = {kimg, sg_curves_axis_position(run, SG_CURVES_STEPS, kimg),
                                    sg_curves_axis_position(run, SG_CURVES_TIME, kimg)};
            if (isfinite(run->metrics[m].values[i]))
                append_point(text, label, run->metrics[m].key, place, run->metrics[m].values[i]);
        }
}

sg_status sg_comparison_write_curves(const sg_comparison *all, sg_error *error)
{
    sg_text text = {0};
    sg_text_append(&text, "run,statistic,kimg,steps,seconds,value\n");
    for (size_t i = 0; i < all->run_count && !text.failed; i++)
        append_run(&text, &all->runs[i], all->labels[i]);
    const sg_status status =
        text.failed ? sg_fail_memory(error, "curves.csv")
                    : sg_comparison_write_file(all, "curves.csv", text.bytes, text.length, error);
    sg_text_clear(&text);
    return status;
}
