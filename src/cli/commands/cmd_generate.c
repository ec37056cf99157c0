/* `stylegan generate`: pictures of seeds from a trained network. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/files/file.h"
#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "pictures/batch.h"
#include "pictures/picture_set.h"

enum { NOT_GIVEN = INT_MIN };

static const sg_usage usage = {
    .command = "generate",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Writes one picture for each seed, DIR/seed0000.png and so on. The same seed and\n"
        "options give the same picture, whatever other seeds are asked for. Several classes or\n"
        "truncations make a picture for each class, then each truncation, then each seed, such\n"
        "as DIR/seed0000-class3-trunc0.5.png.\n"
        "\n"
        "--projected-w paints the w in a file of NumPy instead of seeds, DIR/proj00.png and so\n"
        "on: an .npz file with the array \"w\" as the official projector.py and --save-w write "
        "it,\n"
        "or an .npy file, [N, num_ws, w_dim] or [N, w_dim].\n"
        "\n"
        "--jobs reads lines of JSON such as {\"id\": 1, \"seed\": 3, \"output\": \"a.png\"}, "
        "paints a\n"
        "picture for each as soon as it is there, and answers it with a line of JSON on standard\n"
        "output. The options --trunc, --trunc-cutoff, --class, --noise-mode, --new-center,\n"
        "--translate, --rotate and --save-w are what a line does not say. The exit status is 1 if "
        "any job failed.",
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
        "      --outdir out"};

/* The options as they were given. */
typedef struct generate_options {
    char *network, *seeds, *projected, *jobs, *outdir, *psis, *classes, *center, *noise_mode, *grid;
    int cutoff, save_w;
    sg_place_options place;
    sg_compute_options compute;
} generate_options;

/* The command at work. */
typedef struct generate_job {
    generate_options given;
    sg_number_list seeds, classes;
    sg_decimal_list psis;
    sg_w_set projected;
    sg_center center;
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
        {"projected-w", 0, POPT_ARG_STRING, &given->projected, 0,
         "paint the w in this .npz or .npy file instead of seeds", "FILE"},
        {"jobs", 0, POPT_ARG_STRING, &given->jobs, 0,
         "paint what lines of JSON in this file ask for instead; -: in standard input", "FILE"},
        {"outdir", 0, POPT_ARG_STRING, &given->outdir, 0,
         "the folder for the pictures, made when it is missing (with --jobs: .)", "DIR"},
        {"trunc", 0, POPT_ARG_STRING, &given->psis, 0,
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number is "
         "allowed, and several such as 0,0.5,1 (1)",
         "LIST"},
        {"trunc-cutoff", 0, POPT_ARG_INT, &given->cutoff, 0,
         "truncate only the first N inputs of the synthesis network (all; of a StyleGAN network, "
         "8)",
         "N"},
        {"new-center", 0, POPT_ARG_STRING, &given->center, 0,
         "truncate towards the w of this seed, or in this .npz or .npy file, instead of the "
         "average",
         "SEED|FILE"},
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
        {"save-w", 0, POPT_ARG_NONE, &given->save_w, 0,
         "also write the truncated w of every picture, DIR/seed0000.npz and so on, for "
         "--projected-w",
         NULL},
        {"translate", 0, POPT_ARG_STRING, &given->place.translate, 0,
         "move the pictures of a StyleGAN3 right and down by these shares of their side", "X,Y"},
        {"rotate", 0, POPT_ARG_DOUBLE, &given->place.rotate, 0,
         "turn the pictures of a StyleGAN3 against the clock", "DEGREES"},
        SG_ANCHOR_ROW(&given->place),
        SG_MOVE_CONSTANT_ROW(&given->place),
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_required(generate_options *given)
{
    if (given->jobs && !given->outdir)
        given->outdir = ".";
    const sg_required_option network[] = {{"--network", given->network}};
    const sg_required_option others[] = {{"--seeds", given->seeds}, {"--outdir", given->outdir}};
    const bool without_seeds = given->projected || given->jobs;
    const int status = sg_check_required(&usage, network, 1);
    return status ? status
                  : sg_check_required(&usage, others + without_seeds, without_seeds ? 1 : 2);
}

static int check_numbers(const generate_options *given)
{
    if (given->cutoff < 0 && given->cutoff != NOT_GIVEN)
        return sg_old_usage_error(&usage, "--trunc-cutoff must be 0 or more, not %d",
                                  given->cutoff);
    return sg_check_threads(&usage, given->compute.threads);
}

static int check_psis(generate_job *job)
{
    sg_error error = {0};
    if (sg_decimal_list_parse(job->given.psis ? job->given.psis : "1", "truncations", &job->psis,
                              &error))
        return sg_list_failure(&usage, "--trunc", &error);
    return SG_EXIT_DONE;
}

/* What a batch has no use for. */
static int check_jobs(const generate_job *job)
{
    const generate_options *given = &job->given;
    const char *other = given->seeds       ? "--seeds"
                        : given->projected ? "--projected-w"
                        : given->grid      ? "--grid"
                                           : NULL;
    if (given->jobs && other)
        return sg_old_usage_error(&usage, "--jobs and %s exclude each other", other);
    if (given->jobs && job->psis.count > 1)
        return sg_old_usage_error(&usage, "with --jobs, --trunc takes one number, not \"%s\"",
                                  given->psis);
    return SG_EXIT_DONE;
}

static int check_seeds(generate_job *job)
{
    if (!job->given.projected)
        return job->given.jobs ? SG_EXIT_DONE
                               : sg_check_seeds(&usage, "--seeds", job->given.seeds, &job->seeds);
    if (job->given.seeds)
        sg_report_warning(usage.command, "--seeds is ignored, since --projected-w is given");
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
        status = sg_check_place(&usage, &job->given.place);
    if (!status)
        status = check_psis(job);
    if (!status)
        status = check_jobs(job);
    if (!status)
        status = check_seeds(job);
    if (!status && job->given.grid)
        status = sg_check_grid(&usage, job->given.grid, &job->render.grid_columns,
                               &job->render.grid_rows);
    return status;
}

static int open_network(void *state)
{
    generate_job *job = state;
    return sg_open_network(&usage, job->given.network, &job->network);
}

/* Projected w are of no class, but a center's seed is; a line of a batch may have its own. */
static int check_classes(void *state)
{
    generate_job *job = state;
    const char *text = job->given.classes;
    const bool unneeded =
        job->given.projected && !(job->given.center && sg_center_is_seed(job->given.center));
    if (unneeded && text)
        sg_report_warning(usage.command, "--class is ignored, since --projected-w is given");
    if ((unneeded || (job->given.jobs && !text)) && job->network.config.c_dim > 0)
        text = "0";
    else if (unneeded)
        text = NULL;
    const int status = sg_check_classes(&usage, &job->network, text, &job->classes);
    if (!status && job->given.jobs && job->classes.count > 1)
        return sg_old_usage_error(&usage, "with --jobs, --class takes one class, not \"%s\"", text);
    return status;
}

/* Loads the network, and the w that only fit one with its inputs. */
static int load_network(void *state)
{
    generate_job *job = state;
    const generate_options *given = &job->given;
    sg_error error = {0};
    sg_status status = sg_load_network(&job->network, &given->compute, &error);
    if (!status && given->projected)
        status = sg_read_w_file(given->projected, &job->network, &job->projected, &error);
    if (!status && given->center)
        status = sg_center_read(given->center, &job->network, &job->center, &error);
    if (status == SG_ERROR_ARGUMENT)
        return sg_old_usage_error(&usage, "%s", error.message);
    return status ? sg_report_failure(usage.command, &error)
                  : sg_place_pictures(&usage, &job->network, &given->place);
}

/* The number of pictures against what one call paints, and against the grid's cells. */
static int check_count(const generate_job *job)
{
    const uint64_t for_each = (uint64_t)job->classes.count * job->psis.count;
    const size_t sources = job->given.projected ? job->projected.count : job->seeds.count;
    if (for_each > SG_MOST_PICTURES / sources)
        return sg_old_usage_error(&usage,
                                  "%zu classes, %zu truncations and %zu %s are more than the %d "
                                  "pictures that one call paints",
                                  job->classes.count, job->psis.count, sources,
                                  job->given.projected ? "w" : "seeds", SG_MOST_PICTURES);
    const size_t count = (size_t)for_each * sources;
    const int columns = job->render.grid_columns;
    const int rows = job->render.grid_rows;
    if (columns > 0 && (size_t)columns * (size_t)rows < count)
        return sg_old_usage_error(&usage, "a grid of %dx%d has no room for %zu pictures", columns,
                                  rows, count);
    return SG_EXIT_DONE;
}

/* ---- the work ---- */

static void say_where(const generate_job *job)
{
    const size_t count = sg_render_count(&job->render);
    printf("%zu picture%s %s in %s%s\n", count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
           job->given.outdir,
           job->render.grid_columns > 0 ? ", and all together in its grid.png" : "");
}

static int render_pictures(generate_job *job)
{
    sg_error error = {0};
    const int status = check_count(job);
    if (status)
        return status;
    job->render.seeds = &job->seeds;
    job->render.projected = job->given.projected ? &job->projected : NULL;
    job->render.projected_file = job->given.projected;
    job->render.classes = &job->classes;
    job->render.psis = &job->psis;
    job->render.classes_text = job->given.classes;
    job->render.psis_text = job->given.psis;
    job->render.folder = job->given.outdir;
    job->render.center = job->given.center ? &job->center : NULL;
    job->render.cutoff = job->given.cutoff == NOT_GIVEN ? -1 : job->given.cutoff;
    job->render.save_w = job->given.save_w != 0;
    job->render.transform = job->given.place.transform;
    sg_terminal_watch watch;
    sg_terminal_watch_start(&watch, "generating", "pictures", sg_print_note, &usage);
    job->render.watch = &watch.watch;
    sg_status worked = sg_make_folders(job->given.outdir, &error);
    if (!worked)
        worked = sg_render(&job->network, &job->render, &error);
    sg_terminal_watch_finish(&watch);
    if (worked)
        return sg_report_failure(usage.command, &error);
    say_where(job);
    return SG_EXIT_DONE;
}

/* The jobs of an open stream. */
static int run_stream(const generate_job *job, FILE *stream, const char *name)
{
    const generate_options *given = &job->given;
    const sg_batch_options options = {
        .stream = stream,
        .name = name,
        .folder = given->outdir,
        .defaults = {.class_index = given->classes ? (int)job->classes.values[0] : -1,
                     .psi = job->psis.values[0],
                     .cutoff = given->cutoff == NOT_GIVEN ? -1 : given->cutoff,
                     .noise_mode = job->render.noise_mode,
                     .center = given->center,
                     .transform = given->place.transform,
                     .save_w = given->save_w != 0}};
    sg_batch_counts counts;
    sg_error error = {0};
    const sg_status status = sg_batch_run(&job->network, &options, &counts, &error);
    if (!status && counts.failed > 0)
        sg_fail(&error, SG_ERROR_ARGUMENT, "%zu of %zu jobs failed", counts.failed, counts.jobs);
    return error.status ? sg_report_failure(usage.command, &error) : SG_EXIT_DONE;
}

static int run_jobs(const generate_job *job)
{
    const char *path = job->given.jobs;
    if (strcmp(path, "-") == 0)
        return run_stream(job, stdin, "standard input");
    FILE *stream = fopen(path, "re");
    if (!stream) {
        sg_error error = {0};
        sg_fail(&error, SG_ERROR_FILE, "cannot open %s: %s", path, strerror(errno));
        return sg_report_failure(usage.command, &error);
    }
    const int status = run_stream(job, stream, path);
    fclose(stream);
    return status;
}

static int paint(void *state)
{
    generate_job *job = state;
    return job->given.jobs ? run_jobs(job) : render_pictures(job);
}

int sg_command_generate(int argc, const char **argv);
int sg_command_generate(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_classes,
                                            load_network, paint};
    generate_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    sg_w_set_clear(&job.projected);
    sg_center_clear(&job.center);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    sg_decimal_list_clear(&job.psis);
    return status;
}
