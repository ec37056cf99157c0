/* `stylegan metrics`: measures a trained network. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/options/command.h"
#include "cli/options/picture_options.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/report.h"
#include "metrics/metric.h"

enum { DEFAULT_SAMPLES = 50000 };

static const sg_usage usage = {
    .command = "metrics",
    .synopsis = "--network FILE --metrics LIST [options]",
    .description =
        "Measures how exactly the pictures of a network follow its input, in decibels:\n"
        "\n"
        "  eqt50k_int   EQ-T: moved by whole pixels\n"
        "  eqt50k_frac  EQ-T: moved by any distance\n"
        "  eqr50k       EQ-R: turned by any angle\n"
        "\n"
        "The published figures are of 50000 pictures; fewer give much the same much sooner.",
    .examples = "  stylegan metrics --network stylegan3.safetensors --metrics eqt50k_int,eqr50k\n"
                "  stylegan metrics --network stylegan3.safetensors --num 256 --json \\\n"
                "      --metrics eqt50k_int,eqt50k_frac,eqr50k"};

/* The options as they were given. */
typedef struct metrics_arguments {
    char *network, *metrics, *classes;
    int samples, seed, json;
    sg_compute_options compute;
} metrics_arguments;

/* The command at work. */
typedef struct metrics_job {
    metrics_arguments given;
    sg_metric_setup setup;
    sg_metric_list list;
    double values[SG_MOST_METRICS];
    sg_picture_network network;
} metrics_job;

static sg_parsed parse_options(metrics_arguments *given, int argc, const char **argv)
{
    *given = (metrics_arguments){.samples = DEFAULT_SAMPLES};
    const struct poptOption table[] = {
        {"network", 0, POPT_ARG_STRING, &given->network, 0, "the network file", "FILE"},
        {"metrics", 0, POPT_ARG_STRING, &given->metrics, 0,
         "what to measure: eqt50k_int, eqt50k_frac, eqr50k, with commas between", "LIST"},
        {"num", 0, POPT_ARG_INT, &given->samples, 0, "pictures (50000)", "N"},
        {"class", 0, POPT_ARG_STRING, &given->classes, 0,
         "the class of a conditional network's pictures, counted from 0 (each one's at random)",
         "N"},
        {"seed", 0, POPT_ARG_INT, &given->seed, 0, "of the pictures and their moves (0)", "N"},
        {"json", 0, POPT_ARG_NONE, &given->json, 0, "print one JSON object", NULL},
        SG_COMPUTE_TABLE(&given->compute),
        POPT_TABLEEND};
    return sg_options_parse(&usage, table, argc, argv, NULL, 0);
}

/* ---- checks of the options; each returns an exit status ---- */

static int check_metrics(metrics_job *job)
{
    sg_error error = {0};
    if (sg_metric_list_parse(job->given.metrics, &job->list, &error))
        return sg_old_usage_error(&usage, "--metrics %s", error.message);
    return SG_EXIT_DONE;
}

static int check_options(void *state)
{
    metrics_job *job = state;
    const metrics_arguments *given = &job->given;
    const sg_required_option required[] = {{"--metrics", given->metrics},
                                           {"--network", given->network}};
    int status = sg_check_required(&usage, required, 2);
    if (!status && given->samples < 1)
        status = sg_old_usage_error(&usage, "--num must be 1 or more, not %d", given->samples);
    if (!status && given->seed < 0)
        status = sg_old_usage_error(&usage, "--seed must be 0 or more, not %d", given->seed);
    if (!status)
        status = sg_check_threads(&usage, given->compute.threads);
    job->setup.seed = (uint64_t)given->seed;
    return status ? status : check_metrics(job);
}

static int open_network(void *state)
{
    metrics_job *job = state;
    return sg_open_network(&usage, job->given.network, &job->network);
}

static int check_class(void *state)
{
    metrics_job *job = state;
    sg_number_list classes = {0};
    job->setup.class_index = -1;
    if (!job->given.classes)
        return SG_EXIT_DONE;
    int status = sg_check_classes(&usage, &job->network, job->given.classes, &classes);
    if (!status && classes.count > 1)
        status =
            sg_old_usage_error(&usage, "--class takes one class, not \"%s\"", job->given.classes);
    if (!status && job->network.config.c_dim > 0)
        job->setup.class_index = (int)classes.values[0];
    sg_number_list_clear(&classes);
    return status;
}

static int load_network(void *state)
{
    metrics_job *job = state;
    sg_error error = {0};
    if (sg_load_network(&job->network, &job->given.compute, &error))
        return sg_report_failure(usage.command, &error);
    return SG_EXIT_DONE;
}

/* ---- the work ---- */

static bool show_progress(void *bar, double done, double total, const char *remark)
{
    (void)total;
    sg_progress_update(bar, done, remark);
    return false;
}

static sg_status measure_all(metrics_job *job, sg_error *error)
{
    sg_progress progress;
    const sg_watch watch = {.user = &progress, .step = show_progress};
    job->setup.generator = job->network.generator;
    job->setup.samples = (size_t)job->given.samples;
    sg_progress_start(&progress, "measuring", "pictures", 0, job->given.samples);
    const sg_status status = sg_measure(&job->setup, &job->list, &watch, job->values, error);
    sg_progress_finish(&progress);
    return status;
}

static void print_text(const metrics_job *job)
{
    for (size_t i = 0; i < sg_metric_count; i++)
        if (sg_metric_is_wanted(&job->list, i))
            printf("%-11s %.2f %s\n", sg_metrics[i].name, job->values[i], sg_metrics[i].unit);
}

/* A metric without any difference is infinite, which cJSON writes as null. */
static sg_status print_json(const metrics_job *job, sg_error *error)
{
    cJSON *report = cJSON_CreateObject();
    bool whole = report && cJSON_AddStringToObject(report, "network", job->network.path) &&
                 cJSON_AddNumberToObject(report, "num", job->given.samples) &&
                 cJSON_AddNumberToObject(report, "seed", job->given.seed);
    cJSON *results = whole ? cJSON_AddObjectToObject(report, "results") : NULL;
    whole = results;
    for (size_t i = 0; i < sg_metric_count && whole; i++)
        whole = !sg_metric_is_wanted(&job->list, i) ||
                cJSON_AddNumberToObject(results, sg_metrics[i].name, job->values[i]);
    char *text = whole ? cJSON_PrintUnformatted(report) : NULL;
    if (text)
        puts(text);
    cJSON_free(text);
    cJSON_Delete(report);
    return text ? SG_OK : sg_fail_memory(error, "the JSON report");
}

static int measure(void *state)
{
    metrics_job *job = state;
    sg_error error = {0};
    sg_status status = measure_all(job, &error);
    if (!status && job->given.json)
        status = print_json(job, &error);
    else if (!status)
        print_text(job);
    return status ? sg_report_failure(usage.command, &error) : SG_EXIT_DONE;
}

int sg_command_metrics(int argc, const char **argv);
int sg_command_metrics(int argc, const char **argv)
{
    static const sg_command_step steps[] = {check_options, open_network, check_class, load_network,
                                            measure};
    metrics_job job = {0};
    const sg_parsed parsed = parse_options(&job.given, argc, argv);
    const int status = sg_run_steps(parsed, steps, sizeof steps / sizeof steps[0], &job);
    sg_picture_network_close(&job.network);
    return status;
}
