/* Tables of a sweep; see sweep_table.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/atomic_file.h"
#include "train/run/run_folder.h"

enum { MOST_COLUMNS = SG_SWEEP_MOST_AXES + 16 };

/* A table that is filled. */
typedef struct filling {
    sg_page_table *table;
    bool exact; /* numbers have all digits; otherwise five */
} filling;

/* ---- cells ---- */

/* Adds a number, or an empty cell. */
static void add_number(const filling *made, double value)
{
    char text[SG_NUMBER_TEXT_BYTES] = "";
    if (isfinite(value) && made->exact)
        sg_print_number(text, value);
    else if (isfinite(value))
        snprintf(text, sizeof text, "%.5g", value);
    sg_page_table_add(made->table, "%s", text);
}

/* Adds the values of a training, or the names without one; the seed only in tables of trainings. */
static void add_values(const filling *made, const sg_sweep_plan *plan, const sg_sweep_run *run,
                       bool seeds)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        if (seeds || (int)i != plan->seed_axis)
            sg_page_table_add(made->table, "%s",
                              run ? sg_sweep_value(plan, run, i) : plan->axes[i].field->option);
}

/* Starts a table of so many columns besides those for what varies. */
static void start(const filling *made, const sg_sweep_plan *plan, size_t columns, bool seeds)
{
    *made->table = (sg_page_table){.column_count = columns + plan->axis_count -
                                                   (!seeds && plan->seed_axis >= 0)};
}

static void add_names(const filling *made, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sg_page_table_add(made->table, "%s", names[i]);
}

/* ---- the two tables ---- */

static const char *state_of(const sg_sweep_request *request, const sg_sweep_run *run)
{
    return run->failure[0]                       ? "failed"
           : run->out > 0                        ? "left behind"
           : run->rounds >= request->rounds      ? "done"
           : run->rounds > 0 || run->seconds > 0 ? "begun"
                                                 : "waits";
}

static void make_runs(const sg_sweep_summary *all, const filling *made)
{
    const sg_sweep_plan *plan = all->plan;
    const char *const names[] = {all->metric, "kimg", "last", "rounds", "state"};
    const size_t left_out = all->metric[0] ? 0 : 3;
    start(made, plan, 6 - left_out, true);
    sg_page_table_add(made->table, "run");
    add_values(made, plan, NULL, true);
    add_names(made, names + left_out, 5 - left_out);
    for (size_t i = 0; i < plan->run_count; i++) {
        const sg_sweep_run *run = &plan->runs[i];
        sg_page_table_add(made->table, "%s", run->name);
        add_values(made, plan, run, true);
        if (all->metric[0]) {
            add_number(made, all->scores[i].best);
            add_number(made, all->scores[i].kimg);
            add_number(made, all->scores[i].last);
        }
        sg_page_table_add(made->table, "%d", run->rounds);
        sg_page_table_add(made->table, "%s", state_of(all->request, run));
    }
}

static void add_setting(const sg_sweep_summary *all, size_t place, const filling *made)
{
    const sg_sweep_result *result = &all->results[place];
    sg_page_table_add(made->table, "%zu", place + 1);
    add_values(made, all->plan, &all->plan->runs[result->setting], false);
    if (all->metric[0]) {
        add_number(made, result->mean);
        add_number(made, result->deviation);
        add_number(made, result->least);
        add_number(made, result->most);
        sg_page_table_add(made->table, "%zu", result->seeds);
        add_number(made, all->scores[result->best_run].kimg);
    }
    if (all->request->rounds > 1)
        sg_page_table_add(made->table, "%d", result->rounds);
    sg_page_table_add(made->table, "%s", all->plan->runs[result->best_run].name);
}

static void make_settings(const sg_sweep_summary *all, const filling *made)
{
    const char *const names[] = {all->metric, "std", "min", "max", "seeds", "best_kimg"};
    const size_t measured = all->metric[0] ? 6 : 0;
    start(made, all->plan, 2 + measured + (all->request->rounds > 1), false);
    sg_page_table_add(made->table, "place");
    add_values(made, all->plan, NULL, false);
    add_names(made, names, measured);
    if (all->request->rounds > 1)
        sg_page_table_add(made->table, "rounds");
    sg_page_table_add(made->table, "best_run");
    for (size_t i = 0; i < all->plan->setting_count; i++)
        add_setting(all, i, made);
}

/* ---- forms ---- */

void sg_sweep_table_append(const sg_page_table *table, sg_text *text)
{
    size_t widths[MOST_COLUMNS] = {0};
    const size_t columns = table->column_count < MOST_COLUMNS ? table->column_count : MOST_COLUMNS;
    for (size_t i = 0; i < table->cell_count; i++) {
        const size_t length = strlen(table->cells[i]);
        if (length > widths[i % columns])
            widths[i % columns] = length;
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        const bool last = (i + 1) % columns == 0;
        sg_text_append(text, "%*s%s", last ? 0 : (int)widths[i % columns],
                       table->cells[i][0] ? table->cells[i] : "-", last ? "\n" : "  ");
    }
}

/* Returns the rows as a list of objects, in which a number stays one; NULL on lack of memory. */
static cJSON *to_json(const sg_page_table *table)
{
    cJSON *list = cJSON_CreateArray();
    cJSON *row = NULL;
    bool whole = list && !table->failed;
    for (size_t i = table->column_count; whole && i < table->cell_count; i++) {
        char *end = NULL;
        const char *cell = table->cells[i];
        const char *key = table->cells[i % table->column_count];
        const double number = strtod(cell, &end);
        if (i % table->column_count == 0) {
            row = cJSON_CreateObject();
            whole = row && cJSON_AddItemToArray(list, row);
        }
        whole = whole && (end != cell && *end == '\0' && isfinite(number)
                              ? cJSON_AddNumberToObject(row, key, number)
                              : cJSON_AddStringToObject(row, key, cell));
    }
    if (whole)
        return list;
    cJSON_Delete(list);
    return NULL;
}

static sg_status write_json(const char *path, const sg_page_table *table, sg_error *error)
{
    cJSON *list = to_json(table);
    char *text = list ? cJSON_Print(list) : NULL;
    const sg_status status =
        text ? sg_write_file(path, text, strlen(text), error) : sg_fail_memory(error, "%s", path);
    cJSON_free(text);
    cJSON_Delete(list);
    return status;
}

/* ---- all of it ---- */

static sg_status write_settings(const sg_sweep_summary *summary, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_page_table table;
    make_settings(summary, &(filling){&table, true});
    sg_run_folder_path(path, summary->folder, "table.csv");
    sg_status status = sg_page_table_write(&table, path, error);
    sg_run_folder_path(path, summary->folder, "table.json");
    if (!status)
        status = write_json(path, &table, error);
    sg_page_table_clear(&table);
    return status;
}

sg_status sg_sweep_tables_write(const sg_sweep_summary *summary, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_page_table table;
    SG_TRY(write_settings(summary, error));
    make_runs(summary, &(filling){&table, true});
    sg_run_folder_path(path, summary->folder, "runs.csv");
    const sg_status status = sg_page_table_write(&table, path, error);
    sg_page_table_clear(&table);
    return status;
}

sg_status sg_sweep_table_make(const sg_sweep_summary *summary, sg_page_table *table,
                              sg_error *error)
{
    make_settings(summary, &(filling){table, false});
    return table->failed ? sg_fail_memory(error, "a table of the sweep") : SG_OK;
}
