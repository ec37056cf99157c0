/* `stylegan compare`: several runs side by side.
 * Tested by: tests/cli/test_compare.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "cli/options/option_groups.h"
#include "runs/compare/comparison.h"
#include "runs/run_list.h"
#include "sweep/sweep_file.h"
#include "train/options/training_fields.h"

/* Options and state of the command. */
typedef struct comparing {
    sg_text_list runs;
    const char *outdir, *labels, *title;
    int axis;
    int smoothing, columns;
    sg_decimal_list at;
    sg_grid_size cells;
    sg_run_list folders;
    char *label_text;          /* `labels` cut into pieces */
    const char **label_pieces; /* [folders.count] */
    sg_comparison_options options;
} comparing;

static const comparing defaults = {.columns = 5, .cells = {4, 4}};

static const sg_field compare_fields[] = {
    {SG_CODED(comparing, runs, &sg_text_list_codec),
     SG_FLAGS(SG_FIELD_REPEATED | SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED),
     SG_OPTION("run", "RUN", "a run folder, or a folder of run folders, also without --run"),
     SG_GROUP("Runs")},
    {"labels", SG_TEXT(comparing, labels),
     SG_OPTION("labels", "NAME,...", "names of the runs, in their order"),
     SG_USUAL("the options in which they differ")},
    {"by", SG_CHOICE(comparing, axis, &sg_curves_axis_choices),
     SG_OPTION("by", "AXIS",
               "what curves are drawn over: kimg, steps of the optimisers, or time in training"),
     SG_USUAL("kimg"), SG_GROUP("Curves")},
    {"smooth", SG_INT(comparing, smoothing, 0, 1000000),
     SG_OPTION("smooth", "N",
               "ticks of the moving average, which lies in a band from the least to the greatest; "
               "1: none, 0: a 24th of the run"),
     SG_USUAL("0")},
    {"at", SG_CODED(comparing, at, &sg_lengths_codec),
     SG_OPTION("at", "KIMG,...", "the lengths of training whose sheets are shown"),
     SG_USUAL("evenly up to the end of the shortest run, and the last of each"),
     SG_GROUP("Sheets")},
    {"columns", SG_INT(comparing, columns, 1, SG_COMPARISON_MOST_COLUMNS),
     SG_OPTION("columns", "N", "how many lengths are chosen without --at"), SG_USUAL("5")},
    {"cells", SG_CODED(comparing, cells, &sg_grid_codec),
     SG_OPTION("cells", "WxH", "pictures that are taken of each sheet"), SG_USUAL("4x4")},
    {"title", SG_TEXT(comparing, title), SG_OPTION("title", "TEXT", "the title of the page"),
     SG_GROUP("Output")},
    {"outdir", SG_TEXT(comparing, outdir), SG_FLAGS(SG_FIELD_REQUIRED),
     SG_OPTION("outdir", "DIR", "the folder to write to; made when it is missing")},
};
static const SG_FIELD_TABLE(compare_fields, NULL);

/* Cuts the names at their commas; there must be as many as runs. */
static sg_status read_labels(comparing *all, sg_error *error)
{
    size_t count = 0;
    if (!all->labels)
        return SG_OK;
    all->label_text = sg_duplicate_text(all->labels);
    all->label_pieces = sg_allocate(all->folders.count, sizeof *all->label_pieces);
    if (!all->label_text || !all->label_pieces)
        return sg_fail_memory(error, "names of runs");
    for (char *at = all->label_text; at; count++) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        if (count < all->folders.count)
            all->label_pieces[count] = at;
        at = comma ? comma + 1 : NULL;
    }
    if (count != all->folders.count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"labels\" has %zu name%s, but there are %zu runs", count,
                       count == 1 ? "" : "s", all->folders.count);
    return SG_OK;
}

static void respell(char *text, size_t size)
{
    sg_fields_respell(&sg_training_table, text, size);
}

static void fill_options(comparing *all)
{
    sg_comparison_options *options = &all->options;
    sg_comparison_options_init(options);
    options->folders = (const char *const *)all->folders.folders;
    options->labels = all->label_pieces;
    options->run_count = all->folders.count;
    options->outdir = all->outdir;
    options->respell = respell;
    options->title = all->title;
    options->axis = (sg_curves_axis)all->axis;
    options->smoothing = all->smoothing;
    options->at = all->at;
    options->columns = all->columns;
    options->cells_x = all->cells.columns;
    options->cells_y = all->cells.rows;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    comparing *all = state;
    (void)watch;
    for (size_t i = 0; i < all->runs.count; i++)
        SG_TRY(sg_run_list_add(&all->folders, all->runs.texts[i], error));
    SG_TRY(read_labels(all, error));
    fill_options(all);
    if (sg_sweep_file_exists(all->outdir))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--outdir is %s, which is the folder of a sweep, whose tables would be "
                       "replaced; name another one, such as %s/compared",
                       all->outdir, all->outdir);
    return sg_comparison_check(&all->options, error);
}

static void say_files(const char *outdir)
{
    for (const char *const *name = sg_comparison_files; *name; name++) {
        char *path = sg_path_join(outdir, *name);
        if (path && sg_path_exists(path))
            printf("%s\n", path);
        free(path);
    }
}

static sg_status work(void *state, const sg_watch *watch, sg_error *error)
{
    const comparing *all = state;
    SG_TRY(sg_compare_runs(&all->options, watch, error));
    say_files(all->outdir);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    comparing *all = options;
    const int status = sg_command_work(command, "comparing", "runs", prepare, work, all);
    sg_run_list_clear(&all->folders);
    free(all->label_text);
    free(all->label_pieces);
    return status;
}

static const sg_option_group groups[] = {SG_GROUP_OF_ALL(compare_fields_table)};

const sg_command sg_compare_command = {
    .name = "compare",
    .summary = "Put runs side by side: curves, sheets, options, results",
    .synopsis = "RUN... --outdir DIR [options]",
    .description =
        "Compares trainings that are finished or go on. compare.html is a page that needs no other "
        "file: the results (the best value of each metric and when, seconds per kimg), the options "
        "that differ, sheets of the same number of images side by side, and the curves of all "
        "losses, scores, penalties, gradients, of the balance, of the augmentation and of every "
        "metric measured, each on axes that the runs share. curves.png and sheets.png are its "
        "pictures; runs.csv, options.csv and curves.csv its tables and all numbers; compare.json "
        "has the results for programs.",
    .examples = "  stylegan compare runs --outdir compared\n"
                "  stylegan compare runs/00000-* runs/00003-* --by time --outdir compared\n"
                "  stylegan compare runs --labels BCE,WGAN,WGAN-GP --at 10,40,80 --outdir compared",
    SG_TAKES(groups, comparing),
    .defaults = &defaults,
    .run = run,
};
