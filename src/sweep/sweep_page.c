/* Trainings of a sweep side by side; see sweep_page.h.
 * Tested by: tests/cli/test_sweep.c */
#include "sweep/sweep_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "runs/compare/comparison.h"
#include "sweep/sweep_table.h"
#include "train/run/run_folder.h"

enum { TITLE_BYTES = 256, NOTES_BYTES = 512 };

/* Trainings that are shown. */
typedef struct shown {
    char paths[SG_CURVES_MOST_RUNS][SG_PATH_BYTES];
    const char *folders[SG_CURVES_MOST_RUNS];
    const char *labels[SG_CURVES_MOST_RUNS];
    size_t count, left_out;
} shown;

static void add_run(const sg_sweep_summary *summary, const sg_sweep_run *run, shown *all)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, summary->folder, "%s", run->name);
    if (!sg_run_record_is_there(path))
        return;
    if (all->count == SG_CURVES_MOST_RUNS) {
        all->left_out++;
        return;
    }
    snprintf(all->paths[all->count], SG_PATH_BYTES, "%s", path);
    all->folders[all->count] = all->paths[all->count];
    all->labels[all->count++] = run->label;
}

static void write_title(const sg_sweep_summary *summary, char title[TITLE_BYTES])
{
    size_t length = (size_t)snprintf(title, TITLE_BYTES, "Sweep of ");
    for (size_t i = 0; i < summary->plan->axis_count && length < TITLE_BYTES; i++)
        length += (size_t)snprintf(title + length, TITLE_BYTES - length, "%s%s", i ? ", " : "",
                                   summary->plan->axes[i].field->option);
}

static void write_notes(const sg_sweep_summary *summary, const shown *all, char notes[NOTES_BYTES])
{
    const sg_sweep_plan *plan = summary->plan;
    const char *order = summary->better < 0   ? "less is better"
                        : summary->better > 0 ? "more is better"
                                              : "neither less nor more is better";
    size_t length = (size_t)snprintf(notes, NOTES_BYTES, "%zu trainings: %zu settings, %zu seed%s.",
                                     plan->run_count, plan->setting_count, plan->seed_count,
                                     plan->seed_count == 1 ? "" : "s");
    if (summary->metric[0])
        length += (size_t)snprintf(notes + length, NOTES_BYTES - length,
                                   " The best %s of each training (%s), its mean over the seeds "
                                   "and the deviation of one training from others.",
                                   summary->metric, order);
    if (all->left_out > 0)
        snprintf(notes + length, NOTES_BYTES - length,
                 " Curves and sheets are of the first %zu trainings.", all->count);
}

static sg_status compare(const sg_sweep_summary *summary, const shown *all, sg_respell respell,
                         const sg_watch *watch, sg_error *error)
{
    char title[TITLE_BYTES];
    char notes[NOTES_BYTES];
    char outdir[SG_PATH_BYTES];
    sg_page_table table;
    sg_comparison_options options;
    sg_comparison_options_init(&options);
    write_title(summary, title);
    write_notes(summary, all, notes);
    sg_run_folder_path(outdir, summary->folder, "compare");
    options.folders = all->folders;
    options.labels = all->labels;
    options.run_count = all->count;
    options.outdir = outdir;
    options.title = title;
    options.notes = notes;
    options.table = &table;
    options.respell = respell;
    sg_status status = sg_sweep_table_make(summary, &table, error);
    sg_page_table_name(&table, "Settings, the best first");
    if (!status)
        status = sg_compare_runs(&options, watch, error);
    sg_page_table_clear(&table);
    return status;
}

sg_status sg_sweep_page_write(const sg_sweep_summary *summary, sg_respell respell,
                              const sg_watch *watch, sg_error *error)
{
    const sg_sweep_plan *plan = summary->plan;
    shown *all = sg_allocate(1, sizeof *all);
    if (!all)
        return sg_fail_memory(error, "a page of the sweep");
    for (size_t i = 0; i < plan->setting_count; i++)
        for (size_t k = summary->results[i].setting; k < plan->run_count; k += plan->setting_count)
            add_run(summary, &plan->runs[k], all);
    const sg_status status = all->count > 0 ? compare(summary, all, respell, watch, error) : SG_OK;
    free(all);
    return status;
}
