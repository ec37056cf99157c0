/* `stylegan generate`: pictures of seeds from a trained network.
 * Tested by: tests/cli/test_generate_lists.c */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/folders.h"
#include "cli/options/option_groups.h"
#include "pictures/batch.h"
#include "pictures/labelled/labelled_set.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_set.h"
#include "pictures/truncation_center.h"

enum { NOTE_BYTES = 200 };

/* Options and state of the command. */
typedef struct generation {
    sg_picture_work work; /* common.w_file is --projected-w */
    const char *jobs;
    sg_labelled_options labelled;
    sg_given labelled_given;
    bool all_classes;     /* of a labelled set without --class */
    sg_labelled_set *set; /* of --labelled */
    sg_grid_size grid;
    sg_w_set projected;
    size_t count; /* of pictures */
} generation;

static const generation defaults = {.work = {.common = SG_PICTURE_REQUEST()},
                                    .labelled = SG_LABELLED_OPTIONS};

static const sg_field source_fields[] = {
    {"projected_w", SG_TEXT(generation, work.common.w_file),
     SG_OPTION("projected-w", "FILE",
               "paint the w in this file (.npz, .npy, .pt ...), or in several such as a.npz,b.pt, "
               "instead of seeds")},
    {SG_TEXT(generation, jobs),
     SG_OPTION("jobs", "FILE",
               "paint what lines of JSON in this file ask for instead; -: in standard input")},
};
static const SG_FIELD_TABLE(source_fields, NULL);

static const sg_field list_fields[] = {
    {SG_CODED(generation, work.lists.psis, &sg_psis_codec),
     SG_OPTION(
         "trunc", "LIST",
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number "
         "is allowed, and several such as 0,0.5,1"),
     SG_USUAL("1"), SG_GROUP("Truncation")},
};
static const SG_FIELD_TABLE(list_fields, NULL);

static const sg_field output_fields[] = {
    {SG_CODED(generation, grid, &sg_auto_grid_codec),
     SG_OPTION("grid", "WxH|auto",
               "also write DIR/grid.png, a sheet W pictures wide and H high, filled row by row, "
               "with seeds, classes and truncations as labels; auto: as many as there are")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

/* ---- checks ---- */

/* Refuses what a batch has no use for. */
static sg_status check_jobs(const generation *all, sg_error *error)
{
    const sg_picture_lists *lists = &all->work.lists;
    const char *other = lists->seeds.text         ? "--seeds"
                        : all->work.common.w_file ? "--projected-w"
                        : all->grid.columns != 0  ? "--grid"
                                                  : NULL;
    if (other)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--jobs and %s exclude each other", other);
    if (lists->psis.count > 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "with --jobs, --trunc takes one number, not \"%s\"", lists->psis.text);
    return SG_OK;
}

/* Refuses options of labelled sets without --labelled, and --labelled with what makes no set. */
static sg_status check_labelled(const generation *all, sg_error *error)
{
    const sg_labelled_options *labelled = &all->labelled;
    const char *other = all->jobs                     ? "--jobs"
                        : all->work.common.w_file     ? "--projected-w"
                        : all->work.common.label.text ? "--label"
                        : all->work.common.save_w     ? "--save-w"
                        : all->grid.columns != 0      ? "--grid"
                                                      : NULL;
    if (labelled->labelled)
        return other ? sg_fail(error, SG_ERROR_ARGUMENT, "--labelled and %s exclude each other",
                               other)
                     : SG_OK;
    for (size_t i = 0; i < sg_labelled_fields.count; i++)
        if (sg_given_has(&all->labelled_given, i))
            return sg_fail(error, SG_ERROR_ARGUMENT, "--%s belongs to --labelled",
                           sg_labelled_fields.rows[i].option);
    return SG_OK;
}

/* Takes several files of w, "a.npz,b.pt", for a list of sources. */
static void take_several_files(sg_picture_work *work, const sg_watch *watch)
{
    const char *files = work->common.w_file;
    if (!files || !strchr(files, ',') || sg_path_exists(files) || !sg_sources_are_files(files))
        return;
    if (work->lists.seeds.text)
        sg_watch_note(watch, "--seeds is ignored, since --projected-w is given");
    sg_number_list_clear(&work->lists.seeds);
    work->lists.seeds.text = files;
    work->common.w_file = NULL;
}

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(generation *all, const sg_watch *watch, sg_error *error)
{
    sg_picture_work *work = &all->work;
    take_several_files(work, watch);
    const bool projected = work->common.w_file;
    if (all->jobs && !work->common.folder)
        work->common.folder = ".";
    SG_TRY(check_labelled(all, error));
    if (!projected && !all->jobs && (!all->labelled.labelled || all->labelled.count == 0))
        SG_TRY(sg_option_needed("seeds", work->lists.seeds.text, error));
    SG_TRY(sg_option_needed("outdir", work->common.folder, error));
    if (!work->lists.psis.text)
        SG_TRY(sg_psis_codec.parse("1", &work->lists.psis, error));
    if (all->jobs)
        return check_jobs(all, error);
    if (projected && work->lists.seeds.text) {
        sg_watch_note(watch, "--seeds is ignored, since --projected-w is given");
        sg_number_list_clear(&work->lists.seeds);
    }
    return SG_OK;
}

/* Projected w have no class, except that of a center's seed; a line of a batch may have its own. */
static void choose_classes(generation *all, const sg_watch *watch)
{
    sg_picture_work *work = &all->work;
    const bool unneeded = work->common.w_file && work->common.center.kind != SG_CENTER_SEED;
    if (unneeded && work->lists.classes.text) {
        sg_watch_note(watch, "--class is ignored, since --projected-w is given");
        work->lists.classes.text = NULL;
    }
    all->all_classes = all->labelled.labelled && !work->lists.classes.text;
    work->without_class = unneeded || all->jobs || all->all_classes;
    work->one_class = all->jobs;
}

/* Chooses a grid for all pictures: a row of seeds for each class and truncation, or a square. */
static sg_grid_size fit_grid(const generation *all)
{
    enum { MOST_COLUMNS = 32 };
    const sg_picture_lists *lists = &all->work.lists;
    const size_t lines = lists->classes.count * lists->psis.count;
    int columns = (int)(all->count / lines);
    if (lines == 1 || columns > MOST_COLUMNS)
        columns = (int)ceil(sqrt((double)all->count));
    return (sg_grid_size){columns, ((int)all->count + columns - 1) / columns};
}

/* Plans a labelled set; without --class, of all classes. */
static sg_status prepare_set(generation *all, const sg_watch *watch, sg_error *error)
{
    sg_picture_work *work = &all->work;
    if (work->network.config.c_dim > 0 && all->all_classes) {
        sg_number_list_clear(&work->lists.classes);
        SG_TRY(
            sg_picture_network_classes(&work->network, "all", watch, &work->lists.classes, error));
    }
    SG_TRY(sg_number_list_unite(&work->lists.classes, error));
    SG_TRY(sg_sources_unite(&work->lists.seeds, &work->lists.w, error));
    return sg_labelled_set_open(work, &all->labelled, &all->set, error);
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    generation *all = state;
    SG_TRY(check_options(all, watch, error));
    const char *w_file = all->work.common.w_file;
    choose_classes(all, watch);
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    if (w_file)
        SG_TRY(sg_read_w_file(w_file, &all->work.network, watch, &all->projected, error));
    if (all->jobs)
        return SG_OK;
    if (all->labelled.labelled)
        return prepare_set(all, watch, error);
    SG_TRY(sg_picture_work_count(&all->work, w_file ? &all->projected : NULL, &all->count, error));
    if (all->grid.columns == SG_GRID_AUTO)
        all->grid = fit_grid(all);
    const sg_grid_size grid = all->grid;
    if (grid.columns > 0 && (size_t)grid.columns * (size_t)grid.rows < all->count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a grid of %dx%d has no room for %zu pictures",
                       grid.columns, grid.rows, all->count);
    return SG_OK;
}

/* ---- the work ---- */

/* Says how much of the grid has no picture. */
static void note_empty_cells(const generation *all, const sg_watch *watch)
{
    const sg_grid_size grid = all->grid;
    const size_t cells = (size_t)grid.columns * (size_t)grid.rows;
    char note[NOTE_BYTES];
    if (cells <= all->count)
        return;
    snprintf(note, sizeof note, "a grid of %dx%d has %zu cells for %zu picture%s: %zu %s",
             grid.columns, grid.rows, cells, all->count, all->count == 1 ? "" : "s",
             cells - all->count, all->work.plain ? "stay black" : "have none");
    sg_watch_note(watch, note);
}

static sg_status paint_set(generation *all, const sg_watch *watch, sg_error *error)
{
    const char *folder = all->work.common.folder;
    const sg_picture_set set = {.work = &all->work,
                                .projected = all->work.common.w_file ? &all->projected : NULL,
                                .count = all->count,
                                .grid_columns = all->grid.columns,
                                .grid_rows = all->grid.rows};
    note_empty_cells(all, watch);
    SG_TRY(sg_make_folders(folder, error));
    SG_TRY(sg_picture_set_paint(&set, watch, error));
    printf("%zu picture%s in %s%s\n", all->count, all->count == 1 ? " is" : "s are", folder,
           all->grid.columns > 0 ? ", and all together in its grid.png" : "");
    return SG_OK;
}

/* Says how many pictures each class has, and how many the classifier rejected. */
static void print_classes(const generation *all)
{
    size_t count = 0;
    const sg_labelled_class *classes = sg_labelled_set_classes(all->set, &count);
    for (size_t i = 0; i < count; i++) {
        const sg_labelled_class *one = &classes[i];
        const char *name = sg_labelled_set_name(all->set, one->label);
        printf("class %d%s%s%s: %zu painted", one->label, name ? " (" : "", name ? name : "",
               name ? ")" : "", one->taken);
        if (all->labelled.classifier)
            printf(" of %zu", one->tried);
        if (all->labelled.real)
            printf(", %zu of %s", one->real, all->labelled.real);
        printf("\n");
    }
}

static sg_status write_set(const generation *all, const sg_watch *watch, sg_error *error)
{
    const char *path = all->work.common.folder;
    const sg_status status = sg_labelled_set_write(all->set, path, watch, error);
    if (status && error)
        sg_fields_respell(&sg_labelled_fields, error->message, sizeof error->message);
    SG_TRY(status);
    print_classes(all);
    printf("The set is in %s\n", path);
    return SG_OK;
}

/* Answers the jobs of an open stream. */
static sg_status run_stream(const generation *all, FILE *stream, const char *name, sg_error *error)
{
    sg_batch_options options = {
        .stream = stream, .name = name, .answers = stdout, .defaults = all->work.common};
    sg_batch_counts counts;
    options.defaults.psi = all->work.lists.psis.values[0];
    SG_TRY(sg_batch_run(&all->work.network, &options, &counts, error));
    if (counts.failed > 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%zu of %zu jobs failed", counts.failed,
                       counts.jobs);
    return SG_OK;
}

static sg_status run_jobs(const generation *all, sg_error *error)
{
    if (strcmp(all->jobs, "-") == 0)
        return run_stream(all, stdin, "standard input", error);
    FILE *stream = fopen(all->jobs, "re");
    if (!stream)
        return sg_file_fail_open(all->jobs, error);
    const sg_status status = run_stream(all, stream, all->jobs, error);
    fclose(stream);
    return status;
}

static sg_status generate(void *state, const sg_watch *watch, sg_error *error)
{
    generation *all = state;
    if (all->jobs)
        return run_jobs(all, error);
    return all->set ? write_set(all, watch, error) : paint_set(all, watch, error);
}

static int run(const sg_command *command, void *options)
{
    generation *all = options;
    const int status =
        sg_picture_work_run(command, "generating", "pictures", prepare, generate, all);
    sg_labelled_set_close(all->set);
    sg_w_set_clear(&all->projected);
    return status;
}

static const sg_option_group groups[] = {
    SG_GROUP_AT(sg_network_fields_table, generation, work),
    SG_GROUP_AT(sg_seeds_fields_table, generation, work),
    SG_GROUP_OF_ALL(source_fields_table),
    SG_GROUP_AT(sg_classes_fields_table, generation, work),
    SG_GROUP_AT(sg_label_fields, generation, work.common),
    SG_GROUP_OF_ALL(list_fields_table),
    SG_GROUP_AT(sg_cutoff_fields, generation, work.common),
    SG_GROUP_AT(sg_edit_fields, generation, work.common),
    SG_GROUP_AT(sg_noise_fields, generation, work.common),
    SG_GROUP_AT(sg_transform_fields, generation, work.common),
    SG_GROUP_AT(sg_motion_fields_table, generation, work),
    SG_GROUP_AT(sg_outdir_fields_table, generation, work),
    SG_GROUP_OF_ALL(output_fields_table),
    SG_GROUP_AT(sg_sheet_fields_table, generation, work),
    {&sg_labelled_fields, offsetof(generation, labelled), offsetof(generation, labelled_given),
     NULL},
    SG_GROUP_AT(sg_save_w_fields, generation, work.common),
    SG_GROUP_AT(sg_painting_fields_table, generation, work.compute),
};

const sg_command sg_generate_command = {
    .name = "generate",
    .summary = "Write pictures from a trained network",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Writes one picture for each seed, DIR/seed0000.png and so on. The same seed and "
        "options give the same picture, whatever other seeds are asked for. Several classes "
        "or truncations make a picture for each class, then each truncation, then each seed, "
        "such as DIR/seed0000-class3-trunc0.5.png.\n\n"
        "--projected-w paints the w in a file instead of seeds, DIR/proj00.png and so on: of "
        "NumPy (.npz as the official projector.py and --save-w write it, .npy), of torch (a "
        "tensor, a list, a dict with \"latent\" and the like), a pickle or safetensors. Arrays "
        "are [N, num_ws, w_dim], [num_ws, w_dim] or [N, w_dim].\n\n"
        "--labelled writes a set for other programs to train on: as many pictures of each class, "
        "or "
        "by --shares, in class folders with dataset.json, in the official layout or with "
        "labels.csv. With --classifier, pictures that it does not recognise as their class give "
        "way to those of the next seeds.\n\n"
        "--jobs reads lines of JSON such as {\"id\": 1, \"seed\": 3, \"output\": \"a.png\"}, "
        "paints a picture for each as soon as it is there, and answers it with a line of JSON "
        "on standard output. The options --trunc, --trunc-cutoff, --class, --noise-mode, "
        "--new-center, --translate, --rotate, --scale and --save-w are what a line does not say. "
        "The "
        "exit status is 1 if any job failed.",
    .examples =
        "  stylegan generate --network network.safetensors --seeds 0-15 --outdir out\n"
        "  stylegan generate --network network.safetensors --seeds 0-63 --outdir out \\\n"
        "      --trunc 0.7 --grid 8x8\n"
        "  stylegan generate --network digits.safetensors --seeds 1,4-6 --outdir sevens --class 7\n"
        "  stylegan generate --network digits.safetensors --seeds 0-9 --outdir classes \\\n"
        "      --class 0-9 --grid 10x10\n"
        "  stylegan generate --network digits.safetensors --seeds 1 --outdir truncations \\\n"
        "      --class 3,5 --trunc -0.5,0,0.5,1,1.5 --grid 5x2\n"
        "  stylegan generate --network stylegan3.safetensors --seeds 0-3 --outdir moved \\\n"
        "      --translate 0.25,0 --rotate 30\n"
        "  stylegan generate --network network.safetensors --projected-w projected_w.npz \\\n"
        "      --outdir out\n"
        "  stylegan generate --network network.safetensors --seeds 0-9 --outdir out \\\n"
        "      --trunc 0.5 --new-center 42 --save-w\n"
        "  stylegan generate --network digits.safetensors --labelled --num 10000 --outdir "
        "digits.zip \\\n"
        "      --classifier models/digits-classifier.safetensors --confidence 0.9\n"
        "  echo '{\"seed\": 3}' | stylegan generate --network network.safetensors --jobs - \\\n"
        "      --outdir out",
    SG_TAKES(groups, generation),
    .defaults = &defaults,
    .run = run,
};
