/* Lines of metric-NAME.jsonl; see metric_log.h. */
#include "train/measure/metric_log.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "base/files/line_reader.h"
#include "image/figures/plot.h"
#include "image/files/png_file.h"

enum { FILE_BYTES = 64, PATH_BYTES = 4200, LONGEST_LINE = 1 << 16, TIME_BYTES = 48 };

static void print_path(const char *folder, const sg_metric_item *item, char path[PATH_BYTES])
{
    char name[SG_METRIC_NAME_BYTES];
    snprintf(path, PATH_BYTES, "%s/metric-%s.jsonl", folder, sg_metric_name(item, name));
}

const char *sg_snapshot_name(uint64_t images, char name[SG_SNAPSHOT_NAME_BYTES])
{
    snprintf(name, SG_SNAPSHOT_NAME_BYTES, "network-snapshot-%09llu.safetensors",
             (unsigned long long)images);
    return name;
}

/* ---- writing ---- */

/* Writes a duration as the official programs do: "12s", "3m 04s", "1h 02m 03s", "2d 03h 04m". */
static void print_time(double seconds, char text[TIME_BYTES])
{
    const long long s = llround(fmin(seconds, 1e15));
    if (s < 60)
        snprintf(text, TIME_BYTES, "%llds", s);
    else if (s < 3600)
        snprintf(text, TIME_BYTES, "%lldm %02llds", s / 60, s % 60);
    else if (s < 24 * 3600)
        snprintf(text, TIME_BYTES, "%lldh %02lldm %02llds", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(text, TIME_BYTES, "%lldd %02lldh %02lldm", s / 86400, s / 3600 % 24, s / 60 % 60);
}

static char *print_line(uint64_t images, const sg_metric_result *result)
{
    char name[SG_METRIC_NAME_BYTES];
    char snapshot[SG_SNAPSHOT_NAME_BYTES];
    char duration[TIME_BYTES];
    print_time(result->seconds, duration);
    cJSON *root = cJSON_CreateObject();
    const bool whole =
        sg_metric_result_add(cJSON_AddObjectToObject(root, "results"), &result->item,
                             result->values) &&
        cJSON_AddStringToObject(root, "metric", sg_metric_name(&result->item, name)) &&
        cJSON_AddNumberToObject(root, "total_time", result->seconds) &&
        cJSON_AddStringToObject(root, "total_time_str", duration) &&
        cJSON_AddNumberToObject(root, "num_gpus", 1) &&
        cJSON_AddStringToObject(root, "snapshot_pkl", sg_snapshot_name(images, snapshot)) &&
        cJSON_AddNumberToObject(root, "timestamp", (double)time(NULL));
    char *text = whole ? cJSON_PrintUnformatted(root) : NULL;
    cJSON_Delete(root);
    return text;
}

bool sg_metric_log_begin(const char *folder, const sg_metric_item *item)
{
    char path[PATH_BYTES];
    print_path(folder, item, path);
    if (sg_path_exists(path))
        return true;
    FILE *stream = fopen(path, "a");
    if (stream)
        fclose(stream);
    return false;
}

sg_status sg_metric_log_append(const char *folder, uint64_t images, const sg_metric_result *result,
                               sg_error *error)
{
    char path[PATH_BYTES];
    print_path(folder, &result->item, path);
    char *line = print_line(images, result);
    if (!line)
        return sg_fail_memory(error, "a line of %s", path);
    const sg_status status = sg_append_line(path, line, error);
    cJSON_free(line);
    return status;
}

/* ---- reading ---- */

static bool read_point(const char *line, size_t length, const sg_metric_item *item,
                       sg_metric_point *point)
{
    static const char prefix[] = "network-snapshot-";
    char key[SG_METRIC_KEY_BYTES];
    cJSON *root = cJSON_ParseWithLength(line, length);
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results");
    const cJSON *snapshot = cJSON_GetObjectItemCaseSensitive(root, "snapshot_pkl");
    const char *text = cJSON_IsString(snapshot) ? snapshot->valuestring : "";
    const bool known = strncmp(text, prefix, sizeof prefix - 1) == 0;
    *point = (sg_metric_point){0};
    if (known)
        point->images = strtoull(text + sizeof prefix - 1, NULL, 10);
    for (size_t i = 0; i < sg_metric_value_count(sg_metric_of(item)); i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(results, sg_metric_key(item, i, key));
        point->values[i] = cJSON_IsNumber(value) ? value->valuedouble : NAN;
    }
    cJSON_Delete(root);
    return known;
}

/* Puts the point into its place; one of the same snapshot is replaced. */
static bool insert(sg_metric_point **points, size_t *count, size_t *capacity,
                   const sg_metric_point *point)
{
    size_t at = *count;
    while (at > 0 && (*points)[at - 1].images > point->images)
        at--;
    if (at > 0 && (*points)[at - 1].images == point->images) {
        (*points)[at - 1] = *point;
        return true;
    }
    if (!sg_grow(points, capacity, *count, sizeof **points))
        return false;
    memmove(*points + at + 1, *points + at, (*count - at) * sizeof **points);
    (*points)[at] = *point;
    ++*count;
    return true;
}

sg_status sg_metric_log_read(const char *folder, const sg_metric_item *item,
                             sg_metric_point **points, size_t *count, sg_error *error)
{
    char path[PATH_BYTES];
    size_t capacity = 0;
    bool whole = true;
    *points = NULL;
    *count = 0;
    print_path(folder, item, path);
    sg_line_reader reader = {.limit = LONGEST_LINE};
    (void)sg_input_stream(path, &reader.stream, NULL);
    if (!reader.stream)
        return SG_OK;
    for (sg_line_state state; (state = sg_line_read(&reader)) != SG_LINE_END && whole;) {
        sg_metric_point point;
        if (state == SG_LINE_FAILED || state == SG_LINE_NO_MEMORY)
            break;
        if (state == SG_LINE_READ && read_point(reader.line, reader.length, item, &point))
            whole = insert(points, count, &capacity, &point);
    }
    fclose(reader.stream);
    sg_line_reader_clear(&reader);
    return whole ? SG_OK : sg_fail_memory(error, "%s", path);
}

/* ---- the best ---- */

static bool is_there(const char *folder, const sg_metric_point *point)
{
    char name[SG_SNAPSHOT_NAME_BYTES];
    char *path = sg_path_join(folder, sg_snapshot_name(point->images, name));
    const bool found = path && sg_path_exists(path);
    free(path);
    return found;
}

bool sg_metric_log_best(const char *folder, const sg_metric_item *item, sg_metric_point *best)
{
    sg_metric_point *points = NULL;
    size_t count = 0;
    bool found = false;
    const int better = sg_metric_of(item)->better;
    if (better == 0 || sg_metric_log_read(folder, item, &points, &count, NULL))
        count = 0;
    for (size_t i = 0; i < count; i++) {
        const double value = points[i].values[0];
        if (!isfinite(value) || !is_there(folder, &points[i]) ||
            (found && (value - best->values[0]) * better <= 0))
            continue;
        *best = points[i];
        found = true;
    }
    free(points);
    return found;
}

sg_status sg_metric_log_name_best(const char *folder, const sg_metric_item *item,
                                  const sg_metric_point *best, sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    char snapshot[SG_SNAPSHOT_NAME_BYTES];
    cJSON *root = cJSON_CreateObject();
    const bool whole =
        cJSON_AddStringToObject(root, "metric", sg_metric_name(item, name)) &&
        cJSON_AddNumberToObject(root, "value", best->values[0]) &&
        cJSON_AddStringToObject(root, "snapshot", sg_snapshot_name(best->images, snapshot)) &&
        cJSON_AddNumberToObject(root, "kimg", (double)best->images / 1000);
    char *text = whole ? cJSON_Print(root) : NULL;
    char *path = sg_path_join(folder, "best.json");
    cJSON_Delete(root);
    const sg_status status = text && path ? sg_write_file(path, text, strlen(text), error)
                                          : sg_fail_memory(error, "best.json");
    cJSON_free(text);
    free(path);
    return status;
}

/* ---- curves ---- */

enum { MOST_PANELS = SG_MOST_METRICS * SG_METRIC_MOST_VALUES };

/* The panels of a figure, with what they borrow. */
typedef struct figure {
    char keys[MOST_PANELS][SG_METRIC_KEY_BYTES];
    sg_plot_line lines[MOST_PANELS];
    sg_plot_panel panels[MOST_PANELS];
    double *columns[SG_MOST_METRICS]; /* of each metric: kimg, then its values; owned */
    size_t count;
} figure;

/* Adds a panel for each value of a metric that was measured twice or more. */
static sg_status add_panels(figure *drawn, const char *folder, const sg_metric_item *item,
                            double **columns, sg_error *error)
{
    sg_metric_point *points = NULL;
    size_t count = 0;
    const size_t width = sg_metric_value_count(sg_metric_of(item));
    SG_TRY(sg_metric_log_read(folder, item, &points, &count, error));
    if (count > 1)
        *columns = sg_allocate(count, (width + 1) * sizeof **columns);
    for (size_t k = 0; *columns && k < width; k++) {
        double *y = *columns + (k + 1) * count;
        const char *key = sg_metric_key(item, k, drawn->keys[drawn->count]);
        for (size_t i = 0; i < count; i++) {
            (*columns)[i] = (double)points[i].images / 1000;
            y[i] = points[i].values[k];
        }
        drawn->lines[drawn->count] = (sg_plot_line){key, *columns, y, count};
        drawn->panels[drawn->count] = (sg_plot_panel){key, &drawn->lines[drawn->count], 1, false};
        drawn->count++;
    }
    free(points);
    return count > 1 && !*columns ? sg_fail_memory(error, "curves") : SG_OK;
}

static sg_status draw(const figure *drawn, const char *title, const char *path, sg_error *error)
{
    const sg_png_text remarks[] = {{"Software", "stylegan"}, {"Title", "Metrics"}, {"run", title}};
    sg_image *image = NULL;
    sg_plot plot;
    sg_plot_init(&plot);
    plot.title = title;
    plot.x_name = "thousands of real images seen (kimg)";
    plot.panels = drawn->panels;
    plot.panel_count = drawn->count;
    SG_TRY(sg_plot_draw(&plot, &image, error));
    const sg_status status =
        sg_png_write(path, image, remarks, sizeof remarks / sizeof remarks[0], error);
    sg_image_destroy(image);
    return status;
}

sg_status sg_metric_log_draw(const char *folder, const sg_metric_list *list, const char *path,
                             sg_error *error)
{
    char title[256];
    size_t length = 0;
    const char *last = sg_path_last(folder, &length);
    snprintf(title, sizeof title, "%.*s", (int)length, last);
    figure *drawn = sg_allocate(1, sizeof *drawn);
    sg_status status = drawn ? SG_OK : sg_fail_memory(error, "curves");
    for (size_t i = 0; i < list->count && !status; i++)
        status = add_panels(drawn, folder, &list->items[i], &drawn->columns[i], error);
    if (!status && drawn->count > 0)
        status = draw(drawn, title, path, error);
    for (size_t i = 0; drawn && i < list->count; i++)
        free(drawn->columns[i]);
    free(drawn);
    return status;
}
