/* Compares runs: reads them, then makes each output; see comparison.h. */
#include "runs/compare/comparison.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "image/files/png_file.h"
#include "runs/compare/comparison_inside.h"
#include "runs/run_record.h"

const char *const sg_comparison_files[] = {"curves.png",   "sheets.png", "runs.csv",
                                           "options.csv",  "curves.csv", "compare.json",
                                           "compare.html", NULL};

void sg_comparison_options_init(sg_comparison_options *options)
{
    *options = (sg_comparison_options){.columns = 5, .cells_x = 4, .cells_y = 4};
}

/* ---- checks and reading ---- */

sg_status sg_comparison_check(const sg_comparison_options *options, sg_error *error)
{
    const struct {
        const char *name;
        int value, most;
    } numbers[] = {{"columns", options->columns, SG_COMPARISON_MOST_COLUMNS},
                   {"cells", options->cells_x, SG_COMPARISON_MOST_CELLS},
                   {"cells", options->cells_y, SG_COMPARISON_MOST_CELLS}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].value < 1 || numbers[i].value > numbers[i].most)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"%s\" is %d, but must be from 1 to %d",
                           numbers[i].name, numbers[i].value, numbers[i].most);
    if (options->run_count < 1 || options->run_count > SG_CURVES_MOST_RUNS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "there are %zu runs to compare, but must be from 1 to %d",
                       options->run_count, SG_CURVES_MOST_RUNS);
    if (options->at.count > SG_COMPARISON_MOST_COLUMNS)
        return sg_fail(error, SG_ERROR_ARGUMENT, "\"at\" has %zu numbers, but at most %d count",
                       options->at.count, SG_COMPARISON_MOST_COLUMNS);
    return SG_OK;
}

static sg_status read_runs(sg_comparison *all, sg_error *error)
{
    for (size_t i = 0; i < all->run_count; i++) {
        SG_TRY(sg_run_record_open(all->options->folders[i], &all->runs[i], error));
        sg_run_record_respell(&all->runs[i], all->options->respell);
        if (sg_watch_step(all->watch, (double)i + 1, (double)all->run_count + 2, NULL))
            return sg_fail(error, SG_ERROR_CANCELLED, "stopped while reading runs");
    }
    return SG_OK;
}

static void note_gaps(const sg_comparison *all)
{
    char note[SG_LABEL_BYTES + 64];
    for (size_t i = 0; i < all->run_count; i++) {
        const char *lacking = all->runs[i].history.count == 0 ? "ticks, and so no curves"
                              : all->runs[i].sheet_count == 0 ? "sheets of generated pictures"
                                                              : NULL;
        snprintf(note, sizeof note, "The run \"%s\" has no %s", all->labels[i],
                 lacking ? lacking : "");
        if (lacking)
            sg_watch_note(all->watch, note);
    }
}

/* ---- outputs ---- */

sg_status sg_comparison_write_file(const sg_comparison *all, const char *name, const void *bytes,
                                   size_t size, sg_error *error)
{
    char *path = sg_path_join(all->options->outdir, name);
    const sg_status status =
        path ? sg_write_file(path, bytes, size, error) : sg_fail_memory(error, "%s", name);
    free(path);
    return status;
}

/* Writes a picture under this name; does nothing without one. */
static sg_status write_picture(const sg_comparison *all, const char *name, const sg_image *image,
                               sg_error *error)
{
    char software[64];
    snprintf(software, sizeof software, "stylegan %s", sg_version());
    const sg_png_text remarks[] = {{"Software", software}, {"Title", "Runs compared"}};
    char *path = image ? sg_path_join(all->options->outdir, name) : NULL;
    if (image && !path)
        return sg_fail_memory(error, "%s", name);
    const sg_status status =
        image ? sg_png_write(path, image, remarks, sizeof remarks / sizeof remarks[0], error)
              : SG_OK;
    free(path);
    return status;
}

static sg_status write_table(const sg_comparison *all, const char *name, const sg_page_table *table,
                             sg_error *error)
{
    char *path = sg_path_join(all->options->outdir, name);
    const sg_status status =
        path ? sg_page_table_write(table, path, error) : sg_fail_memory(error, "%s", name);
    free(path);
    return status;
}

/* Draws the curves; runs without any numbers have none. */
static sg_status draw_curves(sg_comparison *all, sg_error *error)
{
    const sg_curves curves = {.runs = all->runs,
                              .labels = all->labels,
                              .run_count = all->run_count,
                              .title = all->title,
                              .axis = all->options->axis,
                              .smoothing = all->options->smoothing};
    sg_error failure = {0};
    const sg_status status = sg_curves_draw(&curves, &all->curves, &failure);
    return !status || status == SG_ERROR_FORMAT ? SG_OK
                                                : sg_fail(error, status, "%s", failure.message);
}

static sg_status write_all(sg_comparison *all, sg_error *error)
{
    SG_TRY(sg_make_folders(all->options->outdir, error));
    SG_TRY(draw_curves(all, error));
    SG_TRY(write_picture(all, "curves.png", all->curves, error));
    SG_TRY(sg_comparison_draw_sheets(all, error));
    SG_TRY(write_picture(all, "sheets.png", all->sheets, error));
    SG_TRY(sg_comparison_make_tables(all, error));
    SG_TRY(write_table(all, "runs.csv", &all->results, error));
    SG_TRY(write_table(all, "options.csv", &all->differences, error));
    SG_TRY(sg_comparison_write_curves(all, error));
    SG_TRY(sg_comparison_write_json(all, error));
    return sg_comparison_write_page(all, error);
}

static void release(sg_comparison *all)
{
    for (size_t i = 0; all->runs && i < all->run_count; i++)
        sg_run_record_close(&all->runs[i]);
    free(all->runs);
    free(all->label_texts);
    free(all->labels);
    sg_page_table_clear(&all->results);
    sg_page_table_clear(&all->differences);
    sg_image_destroy(all->curves);
    sg_image_destroy(all->sheets);
}

sg_status sg_compare_runs(const sg_comparison_options *options, const sg_watch *watch,
                          sg_error *error)
{
    SG_TRY(sg_comparison_check(options, error));
    sg_comparison all = {.options = options, .watch = watch, .run_count = options->run_count};
    all.runs = sg_allocate(all.run_count, sizeof *all.runs);
    all.label_texts = sg_allocate(all.run_count, sizeof *all.label_texts);
    all.labels = sg_allocate(all.run_count, sizeof *all.labels);
    sg_status status = all.runs && all.label_texts && all.labels
                           ? read_runs(&all, error)
                           : sg_fail_memory(error, "a comparison of runs");
    if (!status) {
        sg_comparison_label(&all);
        sg_comparison_title(&all);
        note_gaps(&all);
        status = write_all(&all, error);
    }
    release(&all);
    return status;
}
