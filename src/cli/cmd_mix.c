/* `stylegan mix`: pictures that combine the styles of two seeds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/mix.h"
#include "cli/report.h"

enum { LAST_STYLE = 6 /* of the default */, STYLES_TEXT_BYTES = 16 };

static const sg_usage usage = {
    .command = "mix",
    .synopsis = "--network FILE --rows LIST --cols LIST --outdir DIR [options]",
    .description =
        "Mixes the styles of two seeds: a picture takes the inputs (layers) --styles of the\n"
        "synthesis network from the column's seed and the others from the row's. Low layers\n"
        "decide on pose and shape, high ones on colours and fine detail. Writes DIR/ROW-COL.png\n"
        "for every pair, DIR/SEED-SEED.png for every seed alone, and DIR/grid.png with the rows'\n"
        "seeds down the left side and the columns' along the top.",
    .examples =
        "  stylegan mix --network network.safetensors --rows 85,100,75 --cols 55,821,1789 \\\n"
        "      --outdir mixed\n"
        "  stylegan mix --network network.safetensors --rows 0-5 --cols 6-9 --styles 0-3 \\\n"
        "      --trunc 0.7 --outdir coarse\n"
        "  stylegan mix --network digits.safetensors --rows 0-7 --cols 8-15 --styles 3-7 \\\n"
        "      --class 3 --outdir threes"};

/* The options as they were given. */
typedef struct mix_arguments {
    char *network, *rows, *columns, *outdir, *styles, *class_index, *noise_mode;
    double psi;
    int threads;
} mix_arguments;

/* The command at work. */
typedef struct mix_job {
    mix_arguments given;
    sg_number_list rows, columns, classes;
    bool *from_column;
    char styles_text[STYLES_TEXT_BYTES]; /* the default, cut to the network's inputs */
    sg_mix_options mix;
    sg_picture_network network;
} mix_job;

static sg_parsed parse_options(mix_arguments *given, int argc, const char **argv)
{
    *given = (mix_arguments){.psi = 1};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"rows", 0, POPT_ARG_STRING, &given->rows, 0,
         "the seeds of the rows: numbers and ranges such as 0,1,4-6", "LIST"},
        {"cols", 0, POPT_ARG_STRING, &given->columns, 0, "the seeds of the columns", "LIST"},
        {"outdir", 0, POPT_ARG_STRING, &given->outdir, 0,
         "the folder for the pictures, made when it is missing", "DIR"},
        {"styles", 0, POPT_ARG_STRING, &given->styles, 0,
         "the layers whose style comes from the column's seed, counted from 0, or none (0-6)",
         "LIST"},
        {"trunc", 0, POPT_ARG_DOUBLE, &given->psi, 0,
         "truncation: less than 1 for more typical pictures, 0 for the average one; any number is "
         "allowed (1)",
         "PSI"},
        {"class", 0, POPT_ARG_STRING, &given->class_index, 0,
         "the class of all pictures, counted from 0; conditional networks need it", "N"},
        {"noise-mode", 0, POPT_ARG_STRING, &given->noise_mode, 0,
         "noise in the synthesis network: const (stored with the network), random (that of the "
         "row's seed) or none (const)",
         "MODE"},
        {"threads", 0, POPT_ARG_INT, &given->threads, 0, "threads (all processors)", "N"},
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_count(const mix_job *job)
{
    if (job->rows.count + 1 > SG_MOST_PICTURES / (job->columns.count + 1))
        return sg_usage_error(&usage,
                              "%zu rows of %zu columns are more than the %d pictures that one call "
                              "paints",
                              job->rows.count, job->columns.count, SG_MOST_PICTURES);
    return SG_EXIT_DONE;
}

/* Everything that can be told before the network is opened. */
static int check_options(void *state)
{
    mix_job *job = state;
    const mix_arguments *given = &job->given;
    const sg_required_option required[] = {{"--network", given->network},
                                           {"--rows", given->rows},
                                           {"--cols", given->columns},
                                           {"--outdir", given->outdir}};
    int status = sg_check_required(&usage, required, 4);
    if (!status)
        status = sg_check_threads(&usage, given->threads);
    if (!status)
        status = sg_check_psi(&usage, given->psi);
    if (!status)
        status = sg_check_noise_mode(&usage, given->noise_mode, &job->mix.noise_mode);
    if (!status)
        status = sg_check_seeds(&usage, "--rows", given->rows, &job->rows);
    if (!status)
        status = sg_check_seeds(&usage, "--cols", given->columns, &job->columns);
    return status ? status : check_count(job);
}

static int check_class(void *state)
{
    mix_job *job = state;
    const int status =
        sg_check_classes(&usage, &job->network, job->given.class_index, &job->classes);
    if (!status && job->classes.count > 1)
        return sg_usage_error(&usage, "--class takes one class for all pictures, not \"%s\"",
                              job->given.class_index);
    if (!status)
        job->mix.class_index = (int)job->classes.values[0];
    return status;
}

/* Marks the layers of the list; without a list, those of the default that the network has. */
static int read_styles(mix_job *job, int layers)
{
    const char *text = job->given.styles;
    sg_number_list list = {0};
    sg_error error = {0};
    if (!text) {
        const int last = layers <= LAST_STYLE ? layers - 1 : LAST_STYLE;
        snprintf(job->styles_text, sizeof job->styles_text, "0-%d", last);
        text = job->styles_text;
    }
    job->mix.styles_text = text;
    if (strcmp(text, "none") == 0)
        return SG_EXIT_DONE;
    if (sg_number_list_parse(text, "layers", (uint32_t)layers - 1, &list, &error))
        return sg_list_failure(&usage, "--styles", &error);
    for (size_t i = 0; i < list.count; i++)
        job->from_column[list.values[i]] = true;
    sg_number_list_clear(&list);
    return SG_EXIT_DONE;
}

static int open_network(void *state)
{
    mix_job *job = state;
    return sg_picture_network_open(&usage, job->given.network, &job->network);
}

/* ---- the work ---- */

static int mix_pictures(mix_job *job)
{
    sg_error error = {0};
    job->mix.rows = &job->rows;
    job->mix.columns = &job->columns;
    job->mix.from_column = job->from_column;
    job->mix.folder = job->given.outdir;
    job->mix.psi = job->given.psi;
    if (sg_make_folders(job->given.outdir, &error) || sg_mix(&job->network, &job->mix, &error))
        return sg_report_failure(usage.command, &error);
    const size_t count = sg_mix_count(&job->mix);
    printf("%zu pictures are in %s, and all together in its grid.png\n", count, job->given.outdir);
    return SG_EXIT_DONE;
}

/* Loads the network, which alone knows how many layers there are, and mixes. */
static int load_and_mix(void *state)
{
    mix_job *job = state;
    sg_error error = {0};
    if (sg_picture_network_load(&job->network, job->given.threads, &error))
        return sg_report_failure(usage.command, &error);
    const int layers = sg_generator_num_ws(job->network.generator);
    job->from_column = sg_allocate((size_t)layers, sizeof *job->from_column);
    if (!job->from_column) {
        sg_fail(&error, SG_ERROR_MEMORY, "there is no memory left for the styles");
        return sg_report_failure(usage.command, &error);
    }
    const int status = read_styles(job, layers);
    return status ? status : mix_pictures(job);
}

int sg_command_mix(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_class, load_and_mix};
    mix_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    free(job.from_column);
    sg_number_list_clear(&job.rows);
    sg_number_list_clear(&job.columns);
    sg_number_list_clear(&job.classes);
    return status;
}
