/* Tables of a sweep; see sweep_table.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "train/run/run_folder.h"

enum { CELL_BYTES = 128, MOST_COLUMNS = SG_SWEEP_MOST_AXES + 10 };

/* Texts in rows, of which the first are headings. */
typedef struct table {
    char (*cells)[CELL_BYTES];
    size_t rows, columns, count; /* count: of cells that are written */
} table;

/* All that tables are made of; the arrays are owned. */
typedef struct summary {
    const sg_sweep_request *request;
    const sg_sweep_plan *plan;
    sg_sweep_score *scores;           /* [run_count] */
    sg_sweep_result *results;         /* [setting_count] */
    char metric[SG_METRIC_KEY_BYTES]; /* empty without metrics */
} summary;

/* ---- cells ---- */

static void add(table *made, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(table *made, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(made->cells[made->count++], CELL_BYTES, format, arguments);
    va_end(arguments);
}

/* Adds a number in the fewest digits that give it back, or an empty cell. */
static void add_number(table *made, double value)
{
    char text[SG_NUMBER_TEXT_BYTES] = "";
    if (isfinite(value))
        sg_print_number(text, value);
    add(made, "%s", text);
}

static bool is_seed(const sg_sweep_plan *plan, size_t axis)
{
    return (int)axis == plan->seed_axis;
}

/* Adds the values of a training; the seed only in tables of trainings. */
static void add_values(table *made, const sg_sweep_plan *plan, const sg_sweep_run *run, bool seeds)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        if (seeds || !is_seed(plan, i))
            add(made, "%s", sg_sweep_value(plan, run, i));
}

static void add_names(table *made, const sg_sweep_plan *plan, bool seeds)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        if (seeds || !is_seed(plan, i))
            add(made, "%s", plan->axes[i].field->option);
}

static bool allocate(table *made, size_t rows)
{
    *made = (table){.cells = sg_allocate(rows, MOST_COLUMNS * sizeof *made->cells), .rows = rows};
    return made->cells;
}

/* ---- the two tables ---- */

static const char *state_of(const sg_sweep_request *request, const sg_sweep_run *run)
{
    return run->failure[0]                       ? "failed"
           : run->is_out                         ? "left behind"
           : run->rounds >= request->rounds      ? "done"
           : run->rounds > 0 || run->seconds > 0 ? "begun"
                                                 : "waits";
}

static sg_status make_runs(const summary *all, table *made, sg_error *error)
{
    const sg_sweep_plan *plan = all->plan;
    if (!allocate(made, plan->run_count + 1))
        return sg_fail_memory(error, "a table");
    add(made, "run");
    add_names(made, plan, true);
    if (all->metric[0]) {
        add(made, "%s", all->metric);
        add(made, "kimg");
        add(made, "last");
    }
    add(made, "rounds");
    add(made, "state");
    made->columns = made->count;
    for (size_t i = 0; i < plan->run_count; i++) {
        const sg_sweep_run *run = &plan->runs[i];
        add(made, "%s", run->name);
        add_values(made, plan, run, true);
        if (all->metric[0]) {
            add_number(made, all->scores[i].best);
            add_number(made, all->scores[i].kimg);
            add_number(made, all->scores[i].last);
        }
        add(made, "%d", run->rounds);
        add(made, "%s", state_of(all->request, run));
    }
    return SG_OK;
}

static void add_setting(const summary *all, size_t place, table *made)
{
    const sg_sweep_result *result = &all->results[place];
    add(made, "%zu", place + 1);
    add_values(made, all->plan, &all->plan->runs[result->setting], false);
    if (all->metric[0]) {
        add_number(made, result->mean);
        add_number(made, result->deviation);
        add_number(made, result->least);
        add_number(made, result->most);
        add(made, "%zu", result->seeds);
        add_number(made, all->scores[result->best_run].kimg);
    }
    if (all->request->rounds > 1)
        add(made, "%d", result->rounds);
    add(made, "%s", all->plan->runs[result->best_run].name);
}

static sg_status make_settings(const summary *all, table *made, sg_error *error)
{
    static const char *const of_metric[] = {"std", "min", "max", "seeds", "best_kimg"};
    if (!allocate(made, all->plan->setting_count + 1))
        return sg_fail_memory(error, "a table");
    add(made, "place");
    add_names(made, all->plan, false);
    if (all->metric[0])
        add(made, "%s", all->metric);
    for (size_t i = 0; all->metric[0] && i < sizeof of_metric / sizeof *of_metric; i++)
        add(made, "%s", of_metric[i]);
    if (all->request->rounds > 1)
        add(made, "rounds");
    add(made, "best_run");
    made->columns = made->count;
    for (size_t i = 0; i < all->plan->setting_count; i++)
        add_setting(all, i, made);
    return SG_OK;
}

/* ---- forms ---- */

/* Appends a field, quoted where it has to be (RFC 4180). */
static void append_field(sg_text *text, const char *field)
{
    const bool quoted = strpbrk(field, ",\"\n\r");
    if (quoted)
        sg_text_append_bytes(text, "\"", 1);
    for (; *field; field++)
        sg_text_append(text, "%s%c", *field == '"' ? "\"" : "", *field);
    if (quoted)
        sg_text_append_bytes(text, "\"", 1);
}

static void append_csv(const table *made, sg_text *text)
{
    for (size_t i = 0; i < made->count; i++) {
        append_field(text, made->cells[i]);
        sg_text_append_bytes(text, (i + 1) % made->columns == 0 ? "\n" : ",", 1);
    }
}

/* Returns a cell as people read it: numbers with five digits, "default" where an option is left. */
static const char *shown(const table *made, size_t cell, char text[CELL_BYTES])
{
    char *end = NULL;
    const double number = strtod(made->cells[cell], &end);
    const bool is_number = end != made->cells[cell] && *end == '\0';
    if (cell >= made->columns && is_number)
        snprintf(text, CELL_BYTES, "%.5g", number);
    else
        snprintf(text, CELL_BYTES, "%s", made->cells[cell][0] ? made->cells[cell] : "-");
    return text;
}

static void append_columns(const table *made, sg_text *text)
{
    char cell[CELL_BYTES];
    size_t widths[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < made->count; i++) {
        const size_t length = strlen(shown(made, i, cell));
        if (length > widths[i % made->columns])
            widths[i % made->columns] = length;
    }
    for (size_t i = 0; i < made->count; i++) {
        const size_t column = i % made->columns;
        const bool last = column + 1 == made->columns;
        sg_text_append(text, "%*s%s", last ? 0 : (int)widths[column], shown(made, i, cell),
                       last ? "\n" : "  ");
    }
}

/* Returns the rows as a list of objects; a number stays one. */
static cJSON *to_json(const table *made)
{
    cJSON *list = cJSON_CreateArray();
    cJSON *row = NULL;
    bool whole = list;
    for (size_t i = made->columns; whole && i < made->count; i++) {
        char *end = NULL;
        const char *key = made->cells[i % made->columns];
        const double number = strtod(made->cells[i], &end);
        if (i % made->columns == 0) {
            row = cJSON_CreateObject();
            whole = row && cJSON_AddItemToArray(list, row);
        }
        whole = whole && (end != made->cells[i] && *end == '\0' && isfinite(number)
                              ? cJSON_AddNumberToObject(row, key, number)
                              : cJSON_AddStringToObject(row, key, made->cells[i]));
    }
    if (whole)
        return list;
    cJSON_Delete(list);
    return NULL;
}

/* ---- all of it ---- */

static void clear(summary *all)
{
    free(all->scores);
    free(all->results);
}

static sg_status read_summary(const char *folder, const sg_sweep_request *request,
                              const sg_sweep_plan *plan, summary *all, sg_error *error)
{
    *all = (summary){.request = request,
                     .plan = plan,
                     .scores = sg_allocate(plan->run_count, sizeof *all->scores),
                     .results = sg_allocate(plan->setting_count, sizeof *all->results)};
    if (!all->scores || !all->results)
        return sg_fail_memory(error, "the scores");
    if (request->options.metrics.count > 0)
        sg_metric_key(sg_metric_list_judge(&request->options.metrics), 0, all->metric);
    SG_TRY(sg_sweep_score_runs(folder, request, plan, all->scores, error));
    sg_sweep_rank(request, plan, all->scores, all->results);
    return SG_OK;
}

static sg_status write_text(const char *folder, const char *name, const char *text, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, folder, "%s", name);
    return text ? sg_write_file(path, text, strlen(text), error)
                : sg_fail_memory(error, "%s", path);
}

static sg_status write_csv(const char *folder, const char *name, const table *made, sg_error *error)
{
    sg_text text = {0};
    append_csv(made, &text);
    const sg_status status = write_text(folder, name, text.failed ? NULL : text.bytes, error);
    sg_text_clear(&text);
    return status;
}

static sg_status write_json(const char *folder, const char *name, const table *made,
                            sg_error *error)
{
    cJSON *list = to_json(made);
    char *text = list ? cJSON_Print(list) : NULL;
    const sg_status status = write_text(folder, name, text, error);
    cJSON_free(text);
    cJSON_Delete(list);
    return status;
}

sg_status sg_sweep_tables_write(const char *folder, const sg_sweep_request *request,
                                const sg_sweep_plan *plan, sg_error *error)
{
    summary all;
    table settings = {0};
    table runs = {0};
    sg_status status = read_summary(folder, request, plan, &all, error);
    if (!status)
        status = make_settings(&all, &settings, error);
    if (!status)
        status = make_runs(&all, &runs, error);
    if (!status)
        status = write_csv(folder, "table.csv", &settings, error);
    if (!status)
        status = write_json(folder, "table.json", &settings, error);
    if (!status)
        status = write_csv(folder, "runs.csv", &runs, error);
    free(settings.cells);
    free(runs.cells);
    clear(&all);
    return status;
}

sg_status sg_sweep_table_append(const char *folder, const sg_sweep_request *request,
                                const sg_sweep_plan *plan, sg_text *text, sg_error *error)
{
    summary all;
    table settings = {0};
    sg_status status = read_summary(folder, request, plan, &all, error);
    if (!status)
        status = make_settings(&all, &settings, error);
    if (!status)
        append_columns(&settings, text);
    free(settings.cells);
    clear(&all);
    return status;
}
