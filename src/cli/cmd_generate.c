/* `stylegan generate`: pictures of seeds from a trained network. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "checkpoint/network_file.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/render.h"
#include "cli/report.h"

enum {
    NOT_GIVEN = INT_MIN,
    MOST_PICTURES = SG_LIST_LIMIT,
    LARGEST_GRID_SIDE = 10000, /* pictures */
    LARGEST_THREAD_COUNT = 1024
};

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
    sg_network_file *file;
    sg_network_part part;
    sg_generator_config config;
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
    const char *missing = !given->network  ? "--network"
                          : !given->seeds  ? "--seeds"
                          : !given->outdir ? "--outdir"
                                           : NULL;
    if (missing)
        return sg_usage_error(&usage, "the option %s is missing", missing);
    if (given->outdir[0] == '\0')
        return sg_usage_error(&usage, "--outdir must name a folder");
    return SG_EXIT_DONE;
}

static int check_numbers(const generate_options *given)
{
    if (given->cutoff < 0 && given->cutoff != NOT_GIVEN)
        return sg_usage_error(&usage, "--trunc-cutoff must be 0 or more, not %d", given->cutoff);
    if (given->threads < 0 || given->threads > LARGEST_THREAD_COUNT)
        return sg_usage_error(&usage, "--threads must be from 1 to %d (or 0 for all), not %d",
                              LARGEST_THREAD_COUNT, given->threads);
    return SG_EXIT_DONE;
}

/* Reads a number of pictures and moves *text behind it; 0 when there is none. */
static int read_side(const char **text)
{
    long value = 0;
    if (**text >= '1' && **text <= '9') {
        char *end = NULL;
        value = strtol(*text, &end, 10);
        *text = end;
    }
    return value <= LARGEST_GRID_SIDE ? (int)value : 0;
}

static int check_grid(generate_job *job)
{
    const char *text = job->given.grid;
    if (!text)
        return SG_EXIT_DONE;
    const int columns = read_side(&text);
    const bool separated = *text == 'x' || *text == 'X';
    text += separated;
    const int rows = read_side(&text);
    if (columns < 1 || rows < 1 || !separated || *text != '\0')
        return sg_usage_error(&usage,
                              "--grid takes WIDTHxHEIGHT in pictures, such as 4x2, each from 1 to "
                              "%d, not \"%s\"",
                              LARGEST_GRID_SIDE, job->given.grid);
    job->render.grid_columns = columns;
    job->render.grid_rows = rows;
    return SG_EXIT_DONE;
}

static int check_noise_mode(generate_job *job)
{
    const char *name = job->given.noise_mode ? job->given.noise_mode : "const";
    const int mode = sg_noise_mode_from_name(name);
    if (mode < 0)
        return sg_usage_error(&usage, "--noise-mode must be const, random or none, not \"%s\"",
                              name);
    job->render.noise_mode = (sg_noise_mode)mode;
    return SG_EXIT_DONE;
}

/* What to say when a list could not be read. */
static int list_failure(const char *option, const sg_error *error)
{
    return error->status == SG_ERROR_ARGUMENT
               ? sg_usage_error(&usage, "%s: %s", option, error->message)
               : sg_report_failure(usage.command, error);
}

static int check_seeds(generate_job *job)
{
    sg_error error = {0};
    if (sg_number_list_parse(job->given.seeds, "seeds", UINT32_MAX, &job->seeds, &error))
        return list_failure("--seeds", &error);
    return SG_EXIT_DONE;
}

static int check_psis(generate_job *job)
{
    sg_error error = {0};
    if (sg_decimal_list_parse(job->given.psis ? job->given.psis : "1", "truncations", &job->psis,
                              &error))
        return list_failure("--trunc", &error);
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(generate_job *job)
{
    int status = check_required(&job->given);
    if (!status)
        status = check_numbers(&job->given);
    if (!status)
        status = check_noise_mode(job);
    if (!status)
        status = check_seeds(job);
    if (!status)
        status = check_psis(job);
    return status ? status : check_grid(job);
}

/* The classes against the network's labels. */
static int check_classes(generate_job *job)
{
    const int classes = job->config.c_dim;
    const char *given = job->given.classes;
    sg_error error = {0};
    if (classes > 0 && !given)
        return sg_usage_error(&usage, "%s is a conditional network and needs --class, from 0 to %d",
                              job->given.network, classes - 1);
    if (classes == 0 && given)
        sg_report_warning(usage.command, "--class is ignored, since %s is an unconditional network",
                          job->given.network);
    if (sg_number_list_parse(given ? given : "0", "classes",
                             classes > 0 ? (uint32_t)classes - 1 : UINT32_MAX, &job->classes,
                             &error))
        return list_failure("--class", &error);
    if (classes == 0)
        job->classes.count = 1;
    return SG_EXIT_DONE;
}

/* The number of pictures against what one call paints, and against the grid's cells. */
static int check_count(const generate_job *job)
{
    const uint64_t for_each_seed = (uint64_t)job->classes.count * job->psis.count;
    if (for_each_seed > MOST_PICTURES / job->seeds.count)
        return sg_usage_error(&usage,
                              "%zu classes, %zu truncations and %zu seeds are more than the %d "
                              "pictures that one call paints",
                              job->classes.count, job->psis.count, job->seeds.count, MOST_PICTURES);
    const size_t count = (size_t)for_each_seed * job->seeds.count;
    const int columns = job->render.grid_columns;
    const int rows = job->render.grid_rows;
    if (columns > 0 && (size_t)columns * (size_t)rows < count)
        return sg_usage_error(&usage, "a grid of %dx%d has no room for %zu pictures", columns, rows,
                              count);
    return SG_EXIT_DONE;
}

/* ---- the work ---- */

/* Opens the network and reads the config of G_ema, or of G in a file without it. */
static int open_network(generate_job *job)
{
    sg_error error = {0};
    if (sg_network_open(job->given.network, &job->file, &error))
        return sg_report_failure(usage.command, &error);
    job->part = SG_PART_G_EMA;
    if (!sg_network_has(job->file, SG_PART_G_EMA) && sg_network_has(job->file, SG_PART_G)) {
        job->part = SG_PART_G;
        sg_report_warning(usage.command, "%s holds no G_ema, so the pictures come from G",
                          job->given.network);
    }
    if (sg_network_generator_config(job->file, job->part, &job->config, &error))
        return sg_report_failure(usage.command, &error);
    return SG_EXIT_DONE;
}

static sg_status load_and_render(generate_job *job, sg_context *context, sg_error *error)
{
    sg_generator *generator = NULL;
    sg_status status = sg_network_load_generator(job->file, job->part, context, &generator, error);
    if (!status)
        status = sg_make_folders(job->given.outdir, error);
    if (!status)
        status = sg_render(generator, context, &job->render, error);
    sg_generator_destroy(generator);
    return status;
}

static void say_where(const generate_job *job)
{
    const size_t count = sg_render_count(&job->render);
    printf("%zu picture%s %s in %s%s\n", count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
           job->given.outdir,
           job->render.grid_columns > 0 ? ", and all together in its grid.png" : "");
}

static int render_job(generate_job *job)
{
    const char *slash = strrchr(job->given.network, '/');
    sg_error error = {0};
    job->render.seeds = &job->seeds;
    job->render.classes = &job->classes;
    job->render.psis = &job->psis;
    job->render.classes_text = job->given.classes;
    job->render.psis_text = job->given.psis;
    job->render.folder = job->given.outdir;
    job->render.network_name = slash ? slash + 1 : job->given.network;
    job->render.cutoff = job->given.cutoff == NOT_GIVEN ? -1 : job->given.cutoff;
    sg_context *context = sg_context_create(job->given.threads);
    if (!context)
        sg_fail(&error, SG_ERROR_MEMORY, "there is no memory left to start");
    else
        load_and_render(job, context, &error);
    sg_context_destroy(context);
    if (error.status)
        return sg_report_failure(usage.command, &error);
    say_where(job);
    return SG_EXIT_DONE;
}

int sg_command_generate(int argc, const char **argv)
{
    generate_job job = {.part = SG_PART_G_EMA};
    switch (parse_options(&job.given, argc, argv)) {
    case SG_PARSED_HELP:
        return SG_EXIT_DONE;
    case SG_PARSED_BAD:
        return SG_EXIT_USAGE;
    case SG_PARSED_GO:
        break;
    }
    int status = check_options(&job);
    if (!status)
        status = open_network(&job);
    if (!status)
        status = check_classes(&job);
    if (!status)
        status = check_count(&job);
    if (!status)
        status = render_job(&job);
    sg_network_close(job.file);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    sg_decimal_list_clear(&job.psis);
    return status;
}
