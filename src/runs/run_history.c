/* Reads the ticks of a training; see run_history.h. */
#include "runs/run_history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* A line that says how many images were seen is at least as long. */
enum { SHORTEST_LINE = 32 };

double sg_run_history_mean(const cJSON *tick, const char *name)
{
    return cJSON_GetNumberValue(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(tick, name), "mean"));
}

const double *sg_run_history_values(const sg_run_history *history, const char *name)
{
    for (size_t i = 0; i < history->column_count; i++)
        if (strcmp(history->columns[i].name, name) == 0)
            return history->columns[i].values;
    return NULL;
}

/* Returns the values of a statistic, all NaN when it is new; NULL on lack of memory, and for more
 * statistics than are kept. */
static double *find_or_add(sg_run_history *history, const char *name)
{
    for (size_t i = 0; i < history->column_count; i++)
        if (strcmp(history->columns[i].name, name) == 0)
            return history->columns[i].values;
    if (history->column_count >= SG_RUN_MOST_STATISTICS || strlen(name) >= SG_RUN_STATISTIC_BYTES ||
        !sg_grow(&history->columns, &history->column_capacity, history->column_count,
                 sizeof *history->columns))
        return NULL;
    double *values = sg_allocate(history->rows, sizeof *values);
    if (!values)
        return NULL;
    for (size_t i = 0; i < history->rows; i++)
        values[i] = NAN;
    sg_run_column *column = &history->columns[history->column_count++];
    snprintf(column->name, sizeof column->name, "%s", name);
    column->values = values;
    return values;
}

/* Sets the row's steps and seconds, which add up over the ticks. */
static void add_up(sg_run_history *history, const cJSON *tick, size_t row, int batch)
{
    const double tick_batch = sg_run_history_mean(tick, "Progress/minibatch");
    const double seconds = sg_run_history_mean(tick, "Timing/sec_per_tick");
    const double images = 1000 * (history->kimg[row] - (row > 0 ? history->kimg[row - 1] : 0));
    const double step = tick_batch > 0 ? tick_batch : batch > 0 ? (double)batch : (double)NAN;
    history->steps[row] = (row > 0 ? history->steps[row - 1] : 0) + images / step;
    history->seconds[row] =
        (row > 0 ? history->seconds[row - 1] : 0) + (isfinite(seconds) ? seconds : 0);
}

/* Takes one tick. False on lack of memory. */
static bool take(sg_run_history *history, const cJSON *tick, int batch)
{
    const double kimg = sg_run_history_mean(tick, "Progress/kimg");
    const cJSON *item = NULL;
    if (!isfinite(kimg))
        return true;
    while (history->count > 0 && history->kimg[history->count - 1] >= kimg)
        history->count--;
    const size_t row = history->count++;
    history->kimg[row] = kimg;
    add_up(history, tick, row, batch);
    for (size_t i = 0; i < history->column_count; i++)
        history->columns[i].values[row] = NAN;
    cJSON_ArrayForEach(item, tick)
    {
        const cJSON *mean = cJSON_GetObjectItemCaseSensitive(item, "mean");
        double *values = cJSON_IsNumber(mean) ? find_or_add(history, item->string) : NULL;
        if (values)
            values[row] = mean->valuedouble;
        else if (cJSON_IsNumber(mean) && history->column_count < SG_RUN_MOST_STATISTICS &&
                 strlen(item->string) < SG_RUN_STATISTIC_BYTES)
            return false;
    }
    return true;
}

/* Calls `take` for each line that is long enough, or counts these lines without a history. */
static bool walk(const char *text, size_t length, int batch, sg_run_history *history, size_t *count)
{
    const char *end = text + length;
    bool whole = true;
    while (text < end && whole) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const size_t line = (size_t)((newline ? newline : end) - text);
        if (line >= SHORTEST_LINE && history) {
            cJSON *tick = cJSON_ParseWithLength(text, line);
            whole = take(history, tick, batch);
            cJSON_Delete(tick);
        }
        *count += line >= SHORTEST_LINE;
        text = newline ? newline + 1 : end;
    }
    return whole;
}

sg_status sg_run_history_parse(const char *text, size_t length, int batch, sg_run_history *history,
                               sg_error *error)
{
    size_t count = 0;
    *history = (sg_run_history){0};
    walk(text, length, batch, NULL, &history->rows);
    if (history->rows == 0)
        return SG_OK;
    history->kimg = sg_allocate(history->rows, 3 * sizeof(double));
    if (!history->kimg)
        return sg_fail_memory(error, "the statistics of a training");
    history->steps = history->kimg + history->rows;
    history->seconds = history->steps + history->rows;
    if (walk(text, length, batch, history, &count))
        return SG_OK;
    sg_run_history_clear(history);
    return sg_fail_memory(error, "the statistics of a training");
}

void sg_run_history_clear(sg_run_history *history)
{
    for (size_t i = 0; i < history->column_count; i++)
        free(history->columns[i].values);
    free(history->columns);
    free(history->kimg);
    *history = (sg_run_history){0};
}
