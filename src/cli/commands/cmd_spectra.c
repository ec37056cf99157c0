/* `stylegan spectra`: average power spectra of networks and data sets. */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "data/kinds/open_dataset.h"
#include "pictures/spectra.h"

enum {
    MOST_SOURCES = 8, /* as many as a plot has colours */
    DEFAULT_COUNT = 1000,
    DEFAULT_INTERPOLATION = 4
};

static const double default_beta = 8;

static const sg_usage usage = {
    .command = "spectra",
    .synopsis = "--network FILE|--data PATH --output DIR [options]",
    .description =
        "Averages the power spectra of the pictures of networks and data sets, as in the paper of\n"
        "StyleGAN3 (Karras et al. 2021): whitened, in a Kaiser window, padded, transformed. White\n"
        "noise is 0 dB everywhere; peaks at high frequencies are a network's artefacts. Writes\n"
        "DIR/heatmap.png, a map for each source; DIR/slices.png, curves at 0 and 45 degrees; and\n"
        "DIR/spectrum.npz, the numbers. --network and --data may be given several times; pictures\n"
        "are whitened with the statistics of the first data set, if there is one.",
    .examples =
        "  stylegan spectra --data pictures.zip --output spectra\n"
        "  stylegan spectra --data pictures.zip --network a.safetensors --network b.pkl \\\n"
        "      --num 10000 --output spectra\n"
        "  stylegan spectra --network digits.safetensors --num 200 --beta 6 --interp 8 \\\n"
        "      --output spectra"};

/* The options as they were given. */
typedef struct spectra_arguments {
    char **networks, **datasets;
    char *output;
    int count, interpolation;
    long seed;
    double beta;
    sg_compute_options compute;
} spectra_arguments;

/* The command at work. */
typedef struct spectra_job {
    spectra_arguments given;
    sg_spectra_source sources[MOST_SOURCES];
    char names[MOST_SOURCES][sizeof((sg_dataset_info *)NULL)->name];
    size_t count; /* of sources */
} spectra_job;

static sg_parsed parse_options(spectra_arguments *given, int argc, const char **argv)
{
    *given = (spectra_arguments){
        .count = DEFAULT_COUNT, .interpolation = DEFAULT_INTERPOLATION, .beta = default_beta};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_ARGV, &given->networks, 0, "a network file; may be repeated",
         "FILE"},
        {"data", 0, POPT_ARG_ARGV, &given->datasets, 0, "a set of pictures; may be repeated",
         "PATH"},
        {"output", 0, POPT_ARG_STRING, &given->output, 0,
         "the folder for the results, made when it is missing", "DIR"},
        {"num", 0, POPT_ARG_INT, &given->count, 0,
         "the pictures of each source; a smaller data set is taken whole (1000)", "N"},
        {"seed", 0, POPT_ARG_LONG, &given->seed, 0,
         "the seed of a network's first picture, the next ones follow; and of the choice among a "
         "data set's pictures (0)",
         "N"},
        {"beta", 0, POPT_ARG_DOUBLE, &given->beta, 0,
         "the Kaiser window's beta: larger ones leak less and blur more (8)", "BETA"},
        {"interp", 0, POPT_ARG_INT, &given->interpolation, 0,
         "how many times finer than the pictures' own frequencies the spectrum is (4)", "N"},
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

static size_t list_length(char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    return count;
}

static int check_numbers(const spectra_arguments *given)
{
    if (given->count < 1)
        return sg_old_usage_error(&usage, "--num must be 1 or more, not %d", given->count);
    if (given->seed < 0 || given->seed > (long)UINT32_MAX - given->count + 1)
        return sg_old_usage_error(&usage, "--seed must be 0 to %ld for %d pictures, not %ld",
                                  (long)UINT32_MAX - given->count + 1, given->count, given->seed);
    if (!(given->beta >= 0 && given->beta <= 100))
        return sg_old_usage_error(&usage, "--beta must be 0 to 100, not %g", given->beta);
    if (given->interpolation < 1 || given->interpolation > 64)
        return sg_old_usage_error(&usage, "--interp must be 1 to 64, not %d", given->interpolation);
    return sg_check_threads(&usage, given->compute.threads);
}

static int check_options(void *state)
{
    const spectra_job *job = state;
    const spectra_arguments *given = &job->given;
    const size_t sources = list_length(given->networks) + list_length(given->datasets);
    const sg_required_option required[] = {{"--output", given->output}};
    if (sources < 1 || sources > MOST_SOURCES)
        return sg_old_usage_error(&usage, "--network and --data must name 1 to %d sources, not %zu",
                                  MOST_SOURCES, sources);
    const int status = sg_check_required(&usage, required, 1);
    return status ? status : check_numbers(given);
}

/* Data sets first: theirs are the statistics. */
static int open_sources(void *state)
{
    spectra_job *job = state;
    sg_error error = {0};
    for (size_t i = 0; i < list_length(job->given.datasets); i++) {
        sg_spectra_source *source = &job->sources[job->count];
        if (sg_dataset_open(job->given.datasets[i], &source->dataset, &error))
            return sg_report_failure(usage.command, &error);
        snprintf(job->names[job->count], sizeof job->names[0], "%s",
                 sg_dataset_info_of(source->dataset).name);
        source->name = job->names[job->count++];
    }
    for (size_t i = 0; i < list_length(job->given.networks); i++) {
        sg_spectra_source *source = &job->sources[job->count++];
        const int status = sg_open_network(&usage, job->given.networks[i], &source->network);
        if (status)
            return status;
        source->name = sg_picture_network_name(&source->network);
    }
    return SG_EXIT_DONE;
}

static int measure(void *state)
{
    spectra_job *job = state;
    const spectra_arguments *given = &job->given;
    sg_spectra_options options = {
        .count = (size_t)given->count,
        .seed = (uint32_t)given->seed,
        .beta = given->beta,
        .interpolation = given->interpolation,
        .compute = {.threads = given->compute.threads, .exact = given->compute.exact},
        .folder = given->output};
    sg_error error = {0};
    sg_terminal_watch watch;
    sg_terminal_watch_start(&watch, "measuring", "pictures", sg_print_note, &usage);
    options.watch = &watch.watch;
    sg_status worked = sg_make_folders(given->output, &error);
    if (!worked)
        worked = sg_spectra(job->sources, job->count, &options, &error);
    sg_terminal_watch_finish(&watch);
    if (worked)
        return sg_report_failure(usage.command, &error);
    printf("%zu %s in %s: heatmap.png, slices.png, spectrum.npz\n", job->count,
           job->count == 1 ? "spectrum is" : "spectra are", given->output);
    return SG_EXIT_DONE;
}

int sg_command_spectra(int argc, const char **argv);
int sg_command_spectra(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_sources, measure};
    spectra_job *job = sg_allocate(1, sizeof *job);
    sg_error error = {0};
    if (!job) {
        (void)sg_fail_memory(&error, "a context");
        return sg_report_failure(usage.command, &error);
    }
    const sg_parsed parsed = parse_options(&job->given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], job);
    for (size_t i = 0; i < MOST_SOURCES; i++)
        sg_spectra_source_clear(&job->sources[i]);
    free(job);
    return status;
}
