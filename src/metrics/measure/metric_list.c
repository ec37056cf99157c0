/* Lists of metrics; see metric_list.h. */
#include "metrics/measure/metric_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest_name.h"

/*
 * Where a row's name has its number. "ppl2_wend%k" is "ppl2_wend" in the official programs, whose
 * name does not say the number: the number may be left out where nothing follows it.
 */
typedef struct name_parts {
    size_t head;      /* the bytes before the number */
    const char *tail; /* after it: "k_full" */
    bool unsaid;      /* the official name leaves number and tail out */
} name_parts;

static name_parts split_name(const sg_metric *metric)
{
    static const char *const unsaid[] = {"ppl", "ls", "clip_score"};
    const char *number = strchr(metric->name, '%');
    name_parts parts = {(size_t)(number - metric->name), number + 1, false};
    for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++)
        parts.unsaid = parts.unsaid || strncmp(metric->name, unsaid[i], strlen(unsaid[i])) == 0;
    return parts;
}

const sg_metric *sg_metric_of(const sg_metric_item *item)
{
    return &sg_metrics[item->row];
}

const char *sg_metric_name(const sg_metric_item *item, char *name)
{
    const sg_metric *metric = sg_metric_of(item);
    const name_parts parts = split_name(metric);
    if (parts.unsaid && item->thousands == metric->thousands)
        snprintf(name, SG_METRIC_NAME_BYTES, "%.*s", (int)parts.head, metric->name);
    else
        snprintf(name, SG_METRIC_NAME_BYTES, "%.*s%d%s", (int)parts.head, metric->name,
                 item->thousands, parts.tail);
    return name;
}

const char *sg_metric_key(const sg_metric_item *item, size_t k, char *key)
{
    char name[SG_METRIC_NAME_BYTES];
    snprintf(key, SG_METRIC_KEY_BYTES, "%s%s", sg_metric_name(item, name),
             sg_metric_of(item)->values[k]);
    return key;
}

const char *sg_metric_official_name(const sg_metric *metric, char *name)
{
    const sg_metric_item item = {(int)(metric - sg_metrics), metric->thousands};
    return sg_metric_name(&item, name);
}

size_t sg_metric_samples(const sg_metric_item *item)
{
    return 1000 * (size_t)item->thousands;
}

const sg_metric_item *sg_metric_list_judge(const sg_metric_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (sg_metric_of(&list->items[i])->better != 0)
            return &list->items[i];
    return &list->items[0];
}

/* Reads a row's name with any number; 0 for another name. */
static int match(const sg_metric *metric, const char *text, size_t length)
{
    const name_parts parts = split_name(metric);
    if (length < parts.head || strncmp(text, metric->name, parts.head) != 0)
        return 0;
    if (length == parts.head)
        return parts.unsaid ? metric->thousands : 0;
    const char *number = text + parts.head;
    char *end;
    if (*number < '1' || *number > '9')
        return 0;
    const long thousands = strtol(number, &end, 10);
    const size_t rest = strlen(parts.tail);
    const bool same = end + rest == text + length && strncmp(end, parts.tail, rest) == 0;
    return same && thousands <= SG_METRIC_MOST_THOUSANDS ? (int)thousands : 0;
}

/* Finds the row that the first `length` bytes of `text` name. */
static bool find_metric(const char *text, size_t length, sg_metric_item *item)
{
    for (size_t i = 0; i < sg_metric_count; i++) {
        const int thousands = match(&sg_metrics[i], text, length);
        if (thousands > 0) {
            *item = (sg_metric_item){(int)i, thousands};
            return true;
        }
    }
    return false;
}

static bool add_item(sg_metric_list *list, const sg_metric_item *item)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].row == item->row && list->items[i].thousands == item->thousands)
            return true;
    if (list->count == SG_MOST_METRICS)
        return false;
    list->items[list->count++] = *item;
    return true;
}

bool sg_metric_list_add(sg_metric_list *list, const char *name)
{
    sg_metric_item item;
    return find_metric(name, strlen(name), &item) && add_item(list, &item);
}

static sg_status refuse_name(const char *text, size_t length, sg_error *error)
{
    char names[64][SG_METRIC_NAME_BYTES];
    const char *known[64];
    char typed[SG_METRIC_NAME_BYTES];
    size_t count = 0;
    snprintf(typed, sizeof typed, "%.*s", (int)length, text);
    for (; count < sg_metric_count && count < sizeof names / sizeof *names; count++)
        known[count] = sg_metric_official_name(&sg_metrics[count], names[count]);
    const char *nearest = sg_nearest_name(typed, known, count);
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "takes names of metrics, such as fid50k_full, kid5k or eqt50k_int, with commas "
                   "between, not \"%.*s\"%s%s%s",
                   (int)length, text, nearest ? "; did you mean " : "", nearest ? nearest : "",
                   nearest ? "?" : "");
}

static sg_status parse_list(const char *text, void *result, sg_error *error)
{
    sg_metric_list *list = result;
    *list = (sg_metric_list){0};
    if (strcmp(text, "none") == 0)
        return SG_OK;
    for (const char *at = text;; at++) {
        sg_metric_item item;
        const size_t length = strcspn(at, ",");
        if (!find_metric(at, length, &item))
            return refuse_name(at, length, error);
        if (!add_item(list, &item))
            return sg_fail(error, SG_ERROR_ARGUMENT, "takes at most %d metrics", SG_MOST_METRICS);
        at += length;
        if (*at == '\0')
            return SG_OK;
    }
}

static cJSON *list_to_json(const void *value)
{
    const sg_metric_list *list = value;
    char text[SG_METRIC_NAME_BYTES * SG_MOST_METRICS] = "";
    char name[SG_METRIC_NAME_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < list->count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   length > 0 ? "," : "", sg_metric_name(&list->items[i], name));
    return cJSON_CreateString(length > 0 ? text : "none");
}

const sg_field_codec sg_metric_list_codec = {.parse = parse_list, .to_json = list_to_json};
