/* `stylegan generate`: pictures of seeds from a trained network. */
#include <limits.h>
#include <stdio.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/picture_options.h"
#include "cli/render.h"
#include "cli/report.h"

enum { NOT_GIVEN = INT_MIN };

static const sg_usage usage = {
    .command = "generate",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Writes one picture for each seed, DIR/seed0000.png and so on. The same seed and\n"
        "options give the same picture, whatever other seeds are asked for. Several classes or\n"
        "truncations make a picture for each class, then each truncation, then each seed, such\n"
        "as DIR/seed0000-class3-trunc0.5.png.",
    .examples =
        "  stylegan generate --network network.safetensors --seeds 0-15 --outdir out\n"
        "  stylegan generate --network network.safetensors --seeds 0-63 --outdir out \\\n"
        "      --trunc 0.7 --grid 8x8\n"
        "  stylegan generate --network digits.safetensors --seeds 1,4-6 --outdir sevens --class 7\n"
        "  stylegan generate --network digits.safetensors --seeds 0-9 --outdir classes \\\n"
        "      --class 0-9 --grid 10x10\n"
        "  stylegan generate --network digits.safetensors --seeds 1 --outdir truncations \\\n"
        "      --class 3,5 --trunc -0.5,0,0.5,1,1.5 --grid 5x2"};

/* The options as they were given. */
typedef struct generate_options {
    char *network, *seeds, *outdir, *psis, *classes, *noise_mode, *grid;
    int cutoff, threads;
} generate_options;

/* The command at work. */
typedef struct generate_job {
    generate_options given;
    sg_number_list seeds, classes;
    sg_decimal_list psis;
    sg_render_options render;
    sg_picture_network network;
} generate_job;

static sg_parsed parse_options(generate_options *given, int argc, const char **argv)
{
    *given = (generate_options){.cutoff = NOT_GIVEN};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"seeds", 0, POPT_ARG_STRING, &given->seeds, 0,
         "the seeds of the pictures: numbers and ranges such as 0,1,4-6", "LIST"},
        {"outdir", 0, POPT_ARG_STRING, &given->outdir, 0,
         "the folder for the pictures, made when it is missing", "DIR"},
        {"trunc", 0, POPT_ARG_STRING, &given->psis, 0,
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number is "
         "allowed, and several such as 0,0.5,1 (1)",
         "LIST"},
        {"trunc-cutoff", 0, POPT_ARG_INT, &given->cutoff, 0,
         "truncate only the first N inputs of the synthesis network (all)", "N"},
        {"class", 0, POPT_ARG_STRING, &given->classes, 0,
         "the class of the pictures, counted from 0, or several such as 0-9 or 3,5; conditional "
         "networks need it",
         "LIST"},
        {"noise-mode", 0, POPT_ARG_STRING, &given->noise_mode, 0,
         "noise in the synthesis network: const (stored with the network), random (its own for "
         "each "
         "seed) or none (const)",
         "MODE"},
        {"grid", 0, POPT_ARG_STRING, &given->grid, 0,
         "also write DIR/grid.png, W pictures wide and H high, filled row by row", "WxH"},
        {"threads", 0, POPT_ARG_INT, &given->threads, 0, "threads (all processors)", "N"},
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_required(const generate_options *given)
{
    const sg_required_option options[] = {
        {"--network", given->network}, {"--seeds", given->seeds}, {"--outdir", given->outdir}};
    return sg_check_required(&usage, options, 3);
}

static int check_numbers(const generate_options *given)
{
    if (given->cutoff < 0 && given->cutoff != NOT_GIVEN)
        return sg_usage_error(&usage, "--trunc-cutoff must be 0 or more, not %d", given->cutoff);
    return sg_check_threads(&usage, given->threads);
}

static int check_psis(generate_job *job)
{
    sg_error error = {0};
    if (sg_decimal_list_parse(job->given.psis ? job->given.psis : "1", "truncations", &job->psis,
                              &error))
        return sg_list_failure(&usage, "--trunc", &error);
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    generate_job *job = state;
    int status = check_required(&job->given);
    if (!status)
        status = check_numbers(&job->given);
    if (!status)
        status = sg_check_noise_mode(&usage, job->given.noise_mode, &job->render.noise_mode);
    if (!status)
        status = sg_check_seeds(&usage, "--seeds", job->given.seeds, &job->seeds);
    if (!status)
        status = check_psis(job);
    if (!status && job->given.grid)
        status = sg_check_grid(&usage, job->given.grid, &job->render.grid_columns,
                               &job->render.grid_rows);
    return status;
}

static int open_network(void *state)
{
    generate_job *job = state;
    return sg_picture_network_open(&usage, job->given.network, &job->network);
}

static int check_classes(void *state)
{
    generate_job *job = state;
    return sg_check_classes(&usage, &job->network, job->given.classes, &job->classes);
}

/* The number of pictures against what one call paints, and against the grid's cells. */
static int check_count(void *state)
{
    const generate_job *job = state;
    const uint64_t for_each_seed = (uint64_t)job->classes.count * job->psis.count;
    if (for_each_seed > SG_MOST_PICTURES / job->seeds.count)
        return sg_usage_error(&usage,
                              "%zu classes, %zu truncations and %zu seeds are more than the %d "
                              "pictures that one call paints",
                              job->classes.count, job->psis.count, job->seeds.count,
                              SG_MOST_PICTURES);
    const size_t count = (size_t)for_each_seed * job->seeds.count;
    const int columns = job->render.grid_columns;
    const int rows = job->render.grid_rows;
    if (columns > 0 && (size_t)columns * (size_t)rows < count)
        return sg_usage_error(&usage, "a grid of %dx%d has no room for %zu pictures", columns, rows,
                              count);
    return SG_EXIT_DONE;
}

/* ---- the work ---- */

static sg_status load_and_render(generate_job *job, sg_error *error)
{
    sg_picture_network *network = &job->network;
    sg_status status = sg_picture_network_load(network, job->given.threads, error);
    if (!status)
        status = sg_make_folders(job->given.outdir, error);
    if (!status)
        status = sg_render(network->generator, network->context, &job->render, error);
    return status;
}

static void say_where(const generate_job *job)
{
    const size_t count = sg_render_count(&job->render);
    printf("%zu picture%s %s in %s%s\n", count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
           job->given.outdir,
           job->render.grid_columns > 0 ? ", and all together in its grid.png" : "");
}

static int render_job(void *state)
{
    generate_job *job = state;
    sg_error error = {0};
    job->render.seeds = &job->seeds;
    job->render.classes = &job->classes;
    job->render.psis = &job->psis;
    job->render.classes_text = job->given.classes;
    job->render.psis_text = job->given.psis;
    job->render.folder = job->given.outdir;
    job->render.network_name = sg_picture_network_name(&job->network);
    job->render.cutoff = job->given.cutoff == NOT_GIVEN ? -1 : job->given.cutoff;
    if (load_and_render(job, &error))
        return sg_report_failure(usage.command, &error);
    say_where(job);
    return SG_EXIT_DONE;
}

int sg_command_generate(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_classes, check_count,
                                            render_job};
    generate_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    sg_decimal_list_clear(&job.psis);
    return status;
}
