/*
 * Tables of a comparison: results, and the options that differ.
 * Tested by: tests/runs/compare/test_comparison.c
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runs/compare/comparison_inside.h"
#include "runs/run_record.h"

double sg_comparison_kimg(const sg_run_record *run)
{
    return run->history.count ? run->history.kimg[run->history.count - 1] : 0;
}

double sg_comparison_seconds(const sg_run_record *run)
{
    return run->history.count ? run->history.seconds[run->history.count - 1] : 0;
}

double sg_comparison_pace(const sg_run_record *run)
{
    const double kimg = sg_comparison_kimg(run);
    return kimg > 0 ? sg_comparison_seconds(run) / kimg : 0;
}

double sg_comparison_last(const sg_run_record *run, const char *statistic)
{
    const double *values = sg_run_history_values(&run->history, statistic);
    for (size_t i = run->history.count; values && i-- > 0;)
        if (isfinite(values[i]))
            return values[i];
    return NAN;
}

static size_t count_events(const sg_run_record *run, sg_record_event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < run->event_count; i++)
        count += run->events[i].kind == kind;
    return count;
}

/* True if a run before this one has a metric of that key. */
static bool was_listed(const sg_comparison *all, size_t run, const char *key)
{
    for (size_t i = 0; i < run; i++)
        if (sg_record_metric_of(&all->runs[i], key))
            return true;
    return false;
}

/* Calls `take` for the key of each metric that any run has. */
static void each_metric(sg_comparison *all,
                        void (*take)(sg_comparison *all, const sg_record_metric *metric))
{
    for (size_t r = 0; r < all->run_count; r++)
        for (size_t m = 0; m < all->runs[r].metric_count; m++)
            if (!was_listed(all, r, all->runs[r].metrics[m].key))
                take(all, &all->runs[r].metrics[m]);
}

static void count_columns(sg_comparison *all, const sg_record_metric *metric)
{
    all->results.column_count += metric->better ? 2 : 1;
}

static void add_headings(sg_comparison *all, const sg_record_metric *metric)
{
    sg_page_table_add(&all->results, "%s %s", metric->better ? "best" : "last", metric->key);
    if (metric->better)
        sg_page_table_add(&all->results, "at kimg");
}

/* Adds a number with as many digits as people compare, "-" when there is none. */
static void add_number(sg_page_table *table, double value)
{
    if (isfinite(value))
        sg_page_table_add(table, "%.5g", value);
    else
        sg_page_table_add(table, "-");
}

static void add_metric_cells(sg_page_table *table, const sg_run_record *run,
                             const sg_record_metric *column)
{
    const sg_record_metric *metric = sg_record_metric_of(run, column->key);
    const size_t best = metric ? sg_record_metric_best(metric) : SIZE_MAX;
    add_number(table, best == SIZE_MAX ? (double)NAN : metric->values[best]);
    if (column->better)
        add_number(table, best == SIZE_MAX ? (double)NAN : metric->kimg[best]);
}

static void add_run(sg_comparison *all, const sg_run_record *run, const char *label)
{
    sg_page_table *table = &all->results;
    sg_page_table_add(table, "%s", label);
    add_number(table, sg_comparison_kimg(run));
    add_number(table, sg_comparison_seconds(run) / 60);
    add_number(table, sg_comparison_pace(run));
    for (size_t r = 0; r < all->run_count; r++)
        for (size_t m = 0; m < all->runs[r].metric_count; m++)
            if (!was_listed(all, r, all->runs[r].metrics[m].key))
                add_metric_cells(table, run, &all->runs[r].metrics[m]);
    add_number(table, sg_comparison_last(run, "Loss/G/loss"));
    add_number(table, sg_comparison_last(run, "Loss/D/loss"));
    add_number(table, sg_comparison_last(run, "Resources/cpu_mem_gb"));
    sg_page_table_add(table, "%zu", count_events(run, SG_RECORD_WARNING));
    sg_page_table_add(table, "%s", run->folder);
}

static void make_results(sg_comparison *all)
{
    static const char *const before[] = {"run", "kimg", "minutes", "seconds per kimg"};
    static const char *const after[] = {"last loss of G", "last loss of D", "memory in GB",
                                        "warnings", "folder"};
    enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };
    sg_page_table *table = &all->results;
    table->column_count = BEFORE + AFTER;
    each_metric(all, count_columns);
    sg_page_table_name(table, "Results");
    for (size_t i = 0; i < BEFORE; i++)
        sg_page_table_add(table, "%s", before[i]);
    each_metric(all, add_headings);
    for (size_t i = 0; i < AFTER; i++)
        sg_page_table_add(table, "%s", after[i]);
    for (size_t i = 0; i < all->run_count; i++)
        add_run(all, &all->runs[i], all->labels[i]);
}

/* True if a row of the table is about that option. */
static bool has_row(const sg_page_table *table, const char *option)
{
    for (size_t row = 1; row < table->row_count; row++)
        if (strcmp(table->cells[row * table->column_count], option) == 0)
            return true;
    return false;
}

static void make_differences(sg_comparison *all)
{
    sg_page_table *table = &all->differences;
    table->column_count = 1 + all->run_count;
    sg_page_table_name(table, "Options that differ");
    sg_page_table_add(table, "option");
    for (size_t i = 0; i < all->run_count; i++)
        sg_page_table_add(table, "%s", all->labels[i]);
    for (size_t r = 0; r < all->run_count; r++)
        for (size_t i = 0; i < all->runs[r].option_count && !table->failed; i++) {
            const char *name = all->runs[r].options[i].name;
            if (!sg_comparison_differs(all, name) || has_row(table, name))
                continue;
            sg_page_table_add(table, "%s", name);
            for (size_t k = 0; k < all->run_count; k++) {
                const char *value = sg_record_option_value(&all->runs[k], name);
                sg_page_table_add(table, "%s", value ? value : "-");
            }
        }
}

sg_status sg_comparison_make_tables(sg_comparison *all, sg_error *error)
{
    make_results(all);
    make_differences(all);
    return all->results.failed || all->differences.failed
               ? sg_fail_memory(error, "the tables of a comparison")
               : SG_OK;
}
