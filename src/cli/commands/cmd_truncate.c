/* `stylegan truncate`: how far pictures are from the average one. */
#include <limits.h>
#include <stdio.h>

#include "base/files/file.h"
#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "pictures/truncation_figure.h"

enum { NOT_GIVEN = INT_MIN };

/* Those of the paper's figure. */
static const char default_psis[] = "1,0.7,0.5,0,-0.5,-1";

static const sg_usage usage = {
    .command = "truncate",
    .synopsis = "--network FILE --seeds LIST --outdir DIR [options]",
    .description =
        "Paints every seed at several truncations psi: 1 is the picture itself, 0 the average\n"
        "one, what lies between is more typical, what lies beyond is stranger, and below 0 is the\n"
        "opposite. Writes DIR/truncation.png, with a row for each seed and a column for each psi,\n"
        "as figure 8 of the first StyleGAN's paper has them; several classes have their rows one\n"
        "below the other.",
    .examples =
        "  stylegan truncate --network network.safetensors --seeds 91,388 --outdir truncated\n"
        "  stylegan truncate --network network.safetensors --seeds 0-3 --trunc 2,1.5,1,0.5,0 \\\n"
        "      --trunc-cutoff 8 --singles --outdir truncated\n"
        "  stylegan truncate --network digits.safetensors --class 3,5 --seeds 0,1 \\\n"
        "      --trunc -1,-0.7,-0.5,0,0.5,0.7,1 --transpose --outdir truncated"};

/* The options as they were given. */
typedef struct truncate_arguments {
    char *network, *seeds, *outdir, *psis, *classes, *center, *noise_mode;
    int cutoff, singles, transposed, plain;
    sg_compute_options compute;
} truncate_arguments;

/* The command at work. */
typedef struct truncate_job {
    truncate_arguments given;
    sg_number_list seeds, classes;
    sg_decimal_list psis;
    sg_center center;
    sg_truncate_options truncate;
    sg_picture_network network;
} truncate_job;

static sg_parsed parse_options(truncate_arguments *given, int argc, const char **argv)
{
    *given = (truncate_arguments){.cutoff = NOT_GIVEN};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"seeds", 0, POPT_ARG_STRING, &given->seeds, 0,
         "the seeds of the pictures: numbers and ranges such as 0,1,4-6", "LIST"},
        {"outdir", 0, POPT_ARG_STRING, &given->outdir, 0,
         "the folder for the pictures, made when it is missing", "DIR"},
        {"trunc", 0, POPT_ARG_STRING, &given->psis, 0,
         "the truncations, any numbers (1,0.7,0.5,0,-0.5,-1)", "LIST"},
        {"trunc-cutoff", 0, POPT_ARG_INT, &given->cutoff, 0,
         "truncate only the first N inputs of the synthesis network (all)", "N"},
        {"new-center", 0, POPT_ARG_STRING, &given->center, 0,
         "truncate towards the w of this seed, or the one in this .npz or .npy file, instead of "
         "the average w",
         "SEED|FILE"},
        {"class", 0, POPT_ARG_STRING, &given->classes, 0,
         "the class of the pictures, counted from 0, or several such as 0-9 or 3,5; conditional "
         "networks need it",
         "LIST"},
        {"noise-mode", 0, POPT_ARG_STRING, &given->noise_mode, 0,
         "noise in the synthesis network: const (stored with the network), random (that of the "
         "seed, for every truncation) or none (const)",
         "MODE"},
        {"singles", 0, POPT_ARG_NONE, &given->singles, 0,
         "also write every picture by itself, DIR/seed0000-trunc0.5.png and so on", NULL},
        {"transpose", 0, POPT_ARG_NONE, &given->transposed, 0,
         "a column for each seed and a row for each truncation", NULL},
        {"plain", 0, POPT_ARG_NONE, &given->plain, 0,
         "a figure of pictures alone: no labels, gaps and enlargement", NULL},
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_psis(truncate_job *job)
{
    sg_error error = {0};
    job->truncate.psis_text = job->given.psis ? job->given.psis : default_psis;
    if (sg_decimal_list_parse(job->truncate.psis_text, "truncations", &job->psis, &error))
        return sg_list_failure(&usage, "--trunc", &error);
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    truncate_job *job = state;
    const truncate_arguments *given = &job->given;
    const sg_required_option required[] = {
        {"--network", given->network}, {"--seeds", given->seeds}, {"--outdir", given->outdir}};
    int status = sg_check_required(&usage, required, 3);
    if (!status && given->cutoff < 0 && given->cutoff != NOT_GIVEN)
        status =
            sg_old_usage_error(&usage, "--trunc-cutoff must be 0 or more, not %d", given->cutoff);
    if (!status)
        status = sg_check_threads(&usage, given->compute.threads);
    if (!status)
        status = sg_check_noise_mode(&usage, given->noise_mode, &job->truncate.noise_mode);
    if (!status)
        status = sg_check_seeds(&usage, "--seeds", given->seeds, &job->seeds);
    return status ? status : check_psis(job);
}

static int open_network(void *state)
{
    truncate_job *job = state;
    return sg_open_network(&usage, job->given.network, &job->network);
}

static int check_classes(void *state)
{
    truncate_job *job = state;
    return sg_check_classes(&usage, &job->network, job->given.classes, &job->classes);
}

static int check_count(void *state)
{
    const truncate_job *job = state;
    const uint64_t for_each_seed = (uint64_t)job->classes.count * job->psis.count;
    if (for_each_seed > SG_MOST_PICTURES / job->seeds.count)
        return sg_old_usage_error(
            &usage,
            "%zu seeds, each in %zu classes and with %zu truncations, are more "
            "than the %d pictures that one call paints",
            job->seeds.count, job->classes.count, job->psis.count, SG_MOST_PICTURES);
    return SG_EXIT_DONE;
}

/* ---- the work ---- */

static sg_status load_network(truncate_job *job, sg_error *error)
{
    sg_status status = sg_load_network(&job->network, &job->given.compute, error);
    if (!status && job->given.center)
        status = sg_center_read(job->given.center, &job->network, &job->center, error);
    return status;
}

static int truncate_pictures(void *state)
{
    truncate_job *job = state;
    const truncate_arguments *given = &job->given;
    sg_truncate_options *truncate = &job->truncate;
    sg_error error = {0};
    truncate->seeds = &job->seeds;
    truncate->classes = &job->classes;
    truncate->psis = &job->psis;
    truncate->seeds_text = given->seeds;
    truncate->classes_text = job->classes.count > 1 ? given->classes : NULL;
    truncate->center = given->center ? &job->center : NULL;
    truncate->cutoff = given->cutoff >= 0 ? given->cutoff : -1;
    truncate->singles = given->singles;
    truncate->transposed = given->transposed;
    truncate->plain = given->plain;
    truncate->folder = given->outdir;
    if (load_network(job, &error))
        return sg_report_failure(usage.command, &error);
    sg_terminal_watch watch;
    sg_terminal_watch_start(&watch, "truncating", "pictures", sg_print_note, &usage);
    truncate->watch = &watch.watch;
    sg_status worked = sg_make_folders(given->outdir, &error);
    if (!worked)
        worked = sg_truncate(&job->network, truncate, &error);
    sg_terminal_watch_finish(&watch);
    if (worked)
        return sg_report_failure(usage.command, &error);
    const size_t count = sg_truncate_count(truncate);
    printf("%zu picture%s in %s/truncation.png%s\n", count, count == 1 ? " is" : "s are",
           given->outdir, given->singles ? ", and each by itself beside it" : "");
    return SG_EXIT_DONE;
}

int sg_command_truncate(int argc, const char **argv);
int sg_command_truncate(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_classes, check_count,
                                            truncate_pictures};
    truncate_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    sg_center_clear(&job.center);
    sg_number_list_clear(&job.seeds);
    sg_number_list_clear(&job.classes);
    sg_decimal_list_clear(&job.psis);
    return status;
}
