/* `stylegan generate`: pictures of seeds from a trained network.
 * Tested by: tests/cli/test_generate_lists.c */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "pictures/batch.h"
#include "pictures/picture_fields.h"
#include "pictures/picture_set.h"
#include "pictures/truncation_center.h"

typedef struct generate_options {
    const char *network, *seeds, *jobs, *psis, *classes;
    sg_picture_request picture; /* w_file is --projected-w, folder --outdir */
    sg_motion_options motion;
    sg_grid_size grid;
    sg_context_options compute;
} generate_options;

static const generate_options defaults = {.picture = SG_PICTURE_REQUEST()};

static const sg_field source_fields[] = {
    {.name = "projected_w",
     SG_TEXT(generate_options, picture.w_file),
     SG_OPTION("projected-w", "FILE", "paint the w in this .npz or .npy file instead of seeds")},
    {SG_TEXT(generate_options, jobs),
     SG_OPTION("jobs", "FILE",
               "paint what lines of JSON in this file ask for instead; -: in standard input")},
};
static const SG_FIELD_TABLE(source_fields, NULL);

static const sg_field list_fields[] = {
    {SG_TEXT(generate_options, psis),
     SG_OPTION(
         "trunc", "LIST",
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number "
         "is allowed, and several such as 0,0.5,1"),
     SG_USUAL("1"), SG_GROUP("Truncation")},
};
static const SG_FIELD_TABLE(list_fields, NULL);

static const sg_field output_fields[] = {
    {SG_CODED(generate_options, grid, &sg_grid_codec),
     SG_OPTION("grid", "WxH",
               "also write DIR/grid.png, W pictures wide and H high, filled row by row")},
};
static const SG_FIELD_TABLE(output_fields, NULL);

/* State of one call of the command. */
typedef struct generation {
    generate_options *given;
    sg_number_list seeds, classes;
    sg_decimal_list psis;
    sg_w_set projected, center;
    sg_picture_network network;
} generation;

/* ---- checks ---- */

/* Refuses what a batch has no use for. */
static sg_status check_jobs(const generation *all, sg_error *error)
{
    const generate_options *given = all->given;
    const char *other = given->seeds               ? "--seeds"
                        : given->picture.w_file    ? "--projected-w"
                        : given->grid.columns != 0 ? "--grid"
                                                   : NULL;
    if (given->jobs && other)
        return sg_fail(error, SG_ERROR_ARGUMENT, "--jobs and %s exclude each other", other);
    if (given->jobs && all->psis.count > 1)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "with --jobs, --trunc takes one number, not \"%s\"", given->psis);
    return SG_OK;
}

/* Checks everything that can be told before the network is opened. */
static sg_status check_options(generation *all, const sg_watch *watch, sg_error *error)
{
    generate_options *given = all->given;
    const bool seeds = !given->picture.w_file && !given->jobs;
    if (given->jobs && !given->picture.folder)
        given->picture.folder = ".";
    if (seeds)
        SG_TRY(sg_option_needed("seeds", given->seeds, error));
    SG_TRY(sg_option_needed("outdir", given->picture.folder, error));
    SG_TRY(sg_option_decimals("trunc", given->psis ? given->psis : "1", "truncations", &all->psis,
                              error));
    SG_TRY(check_jobs(all, error));
    if (seeds)
        return sg_option_numbers("seeds", given->seeds, "seeds", UINT32_MAX, &all->seeds, error);
    if (given->seeds)
        sg_watch_note(watch, "--seeds is ignored, since --projected-w is given");
    return SG_OK;
}

/* Projected w have no class, except that of a center's seed; a line of a batch may have its own. */
static sg_status find_classes(generation *all, const sg_watch *watch, sg_error *error)
{
    const generate_options *given = all->given;
    const char *text = given->classes;
    const bool unneeded = given->picture.w_file && given->picture.center.kind != SG_CENTER_SEED;
    if (unneeded && text)
        sg_watch_note(watch, "--class is ignored, since --projected-w is given");
    if ((unneeded || (given->jobs && !text)) && all->network.config.c_dim > 0)
        text = "0";
    else if (unneeded)
        text = NULL;
    SG_TRY(sg_picture_network_classes(&all->network, text, watch, &all->classes, error));
    if (given->jobs && all->classes.count > 1)
        return sg_fail(error, SG_ERROR_ARGUMENT, "with --jobs, --class takes one class, not \"%s\"",
                       text);
    return SG_OK;
}

/* Opens and loads the network, and the w that only fit one with its inputs. */
static sg_status load(generation *all, const sg_watch *watch, sg_error *error)
{
    generate_options *given = all->given;
    sg_picture_request *picture = &given->picture;
    SG_TRY(sg_picture_network_open(&all->network, given->network, watch, error));
    SG_TRY(find_classes(all, watch, error));
    SG_TRY(sg_picture_network_load(&all->network, &given->compute, error));
    if (picture->w_file)
        SG_TRY(sg_read_w_file(picture->w_file, &all->network, &all->projected, error));
    SG_TRY(sg_center_load(&picture->center, &all->network, &all->center, error));
    return sg_picture_network_set_motion(&all->network, &given->motion, &picture->transform, error);
}

/* Checks the number of pictures against what one call paints, and against the grid's cells. */
static sg_status check_count(const generation *all, sg_error *error)
{
    const bool seeds = !all->given->picture.w_file;
    const sg_grid_size grid = all->given->grid;
    const uint64_t for_each = (uint64_t)all->classes.count * all->psis.count;
    const size_t sources = seeds ? all->seeds.count : all->projected.count;
    if (for_each > SG_MOST_PICTURES / sources)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu classes, %zu truncations and %zu %s are more than the %d pictures that "
                       "one call paints",
                       all->classes.count, all->psis.count, sources, seeds ? "seeds" : "w",
                       SG_MOST_PICTURES);
    const size_t count = (size_t)for_each * sources;
    if (grid.columns > 0 && (size_t)grid.columns * (size_t)grid.rows < count)
        return sg_fail(error, SG_ERROR_ARGUMENT, "a grid of %dx%d has no room for %zu pictures",
                       grid.columns, grid.rows, count);
    return SG_OK;
}

/* ---- the work ---- */

static sg_status paint_set(generation *all, const sg_watch *watch, sg_error *error)
{
    const generate_options *given = all->given;
    const sg_picture_set set = {.common = given->picture,
                                .lists = {.seeds = &all->seeds,
                                          .classes = &all->classes,
                                          .psis = &all->psis,
                                          .classes_text = given->classes,
                                          .psis_text = given->psis},
                                .projected = given->picture.w_file ? &all->projected : NULL,
                                .grid_columns = given->grid.columns,
                                .grid_rows = given->grid.rows};
    SG_TRY(sg_make_folders(given->picture.folder, error));
    SG_TRY(sg_picture_set_paint(&all->network, &set, watch, error));
    const size_t count = sg_picture_set_count(&set);
    printf("%zu picture%s %s in %s%s\n", count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
           given->picture.folder,
           given->grid.columns > 0 ? ", and all together in its grid.png" : "");
    return SG_OK;
}

/* Answers the jobs of an open stream. */
static sg_status run_stream(const generation *all, FILE *stream, const char *name, sg_error *error)
{
    sg_batch_options options = {
        .stream = stream, .name = name, .answers = stdout, .defaults = all->given->picture};
    sg_batch_counts counts;
    options.defaults.class_index = all->given->classes ? (int)all->classes.values[0] : -1;
    options.defaults.psi = all->psis.values[0];
    SG_TRY(sg_batch_run(&all->network, &options, &counts, error));
    if (counts.failed > 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%zu of %zu jobs failed", counts.failed,
                       counts.jobs);
    return SG_OK;
}

static sg_status run_jobs(const generation *all, sg_error *error)
{
    const char *path = all->given->jobs;
    if (strcmp(path, "-") == 0)
        return run_stream(all, stdin, "standard input", error);
    FILE *stream = fopen(path, "re");
    if (!stream)
        return sg_fail(error, SG_ERROR_FILE, "cannot open %s: %s", path, strerror(errno));
    const sg_status status = run_stream(all, stream, path, error);
    fclose(stream);
    return status;
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    generation *all = state;
    SG_TRY(check_options(all, watch, error));
    SG_TRY(load(all, watch, error));
    return all->given->jobs ? SG_OK : check_count(all, error);
}

static sg_status generate(void *state, const sg_watch *watch, sg_error *error)
{
    generation *all = state;
    return all->given->jobs ? run_jobs(all, error) : paint_set(all, watch, error);
}

static int run(const sg_command *command, void *given)
{
    generation all = {.given = given};
    const int status = sg_command_work(command, "generating", "pictures", prepare, generate, &all);
    sg_picture_network_close(&all.network);
    sg_w_set_clear(&all.projected);
    sg_w_set_clear(&all.center);
    sg_number_list_clear(&all.seeds);
    sg_number_list_clear(&all.classes);
    sg_decimal_list_clear(&all.psis);
    return status;
}

static const sg_option_group groups[] = {
    {&sg_network_fields_table, offsetof(generate_options, network), SG_GIVEN_NOWHERE, NULL},
    {&sg_seeds_fields_table, offsetof(generate_options, seeds), SG_GIVEN_NOWHERE, NULL},
    {&source_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_classes_fields_table, offsetof(generate_options, classes), SG_GIVEN_NOWHERE, NULL},
    {&list_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_cutoff_fields, offsetof(generate_options, picture), SG_GIVEN_NOWHERE, NULL},
    {&sg_noise_fields, offsetof(generate_options, picture), SG_GIVEN_NOWHERE, NULL},
    {&sg_transform_fields, offsetof(generate_options, picture), SG_GIVEN_NOWHERE, NULL},
    {&sg_motion_fields_table, offsetof(generate_options, motion), SG_GIVEN_NOWHERE, NULL},
    {&sg_outdir_fields_table, offsetof(generate_options, picture.folder), SG_GIVEN_NOWHERE, NULL},
    {&output_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_save_w_fields, offsetof(generate_options, picture), SG_GIVEN_NOWHERE, NULL},
    {&sg_compute_fields_table, offsetof(generate_options, compute), SG_GIVEN_NOWHERE, NULL},
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
        "--projected-w paints the w in a file of NumPy instead of seeds, DIR/proj00.png and "
        "so on: an .npz file with the array \"w\" as the official projector.py and --save-w "
        "write it, or an .npy file, [N, num_ws, w_dim] or [N, w_dim].\n\n"
        "--jobs reads lines of JSON such as {\"id\": 1, \"seed\": 3, \"output\": \"a.png\"}, "
        "paints a picture for each as soon as it is there, and answers it with a line of JSON "
        "on standard output. The options --trunc, --trunc-cutoff, --class, --noise-mode, "
        "--new-center, --translate, --rotate and --save-w are what a line does not say. The "
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
        "  echo '{\"seed\": 3}' | stylegan generate --network network.safetensors --jobs - \\\n"
        "      --outdir out",
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
    .options_bytes = sizeof(generate_options),
    .defaults = &defaults,
    .run = run,
};
