/* `stylegan metrics`: measures a trained network by the metrics of a table (metrics/measure.h). */
#include <cjson/cJSON.h>
#include <limits.h>
#include <stdio.h>

#include "cli/options/option_groups.h"
#include "cli/options/options.h"
#include "cli/terminal/progress.h"
#include "metrics/measure.h"
#include "pictures/picture_network.h"

typedef struct metrics_options {
    const char *network, *classes;
    sg_metric_list metrics;
    int samples, seed;
    bool json;
    sg_context_options compute;
} metrics_options;

static const sg_field metrics_fields[] = {
    {SG_TEXT(metrics_options, network), SG_OPTION("network", "FILE", "the network file"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Network")},
    {SG_TEXT(metrics_options, classes),
     SG_OPTION("class", "N", "the class of a conditional network's pictures, counted from 0"),
     SG_USUAL("each one's at random")},
    {SG_CODED(metrics_options, metrics, &sg_metric_list_codec),
     SG_OPTION("metrics", "LIST", "what to measure, names with commas between"),
     SG_FLAGS(SG_FIELD_REQUIRED), SG_GROUP("Measuring")},
    {SG_INT(metrics_options, samples, 1, INT_MAX), SG_OPTION("num", "N", "generated pictures"),
     SG_USUAL("as the names say")},
    {SG_INT(metrics_options, seed, 0, 0),
     SG_OPTION("seed", "N", "seed of the pictures and of what is done with them"), SG_USUAL("0")},
    {SG_FLAG(metrics_options, json), SG_OPTION("json", NULL, "print one JSON object"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(metrics_fields, NULL);

static void warn(const void *command, const char *sentence)
{
    sg_report_warning(((const sg_command *)command)->name, "%s", sentence);
}

/* The class of all pictures, or -1 for each one's own. */
static sg_status choose_class(const metrics_options *options, const sg_picture_network *network,
                              const sg_watch *watch, int *class_index, sg_error *error)
{
    sg_number_list classes = {0};
    *class_index = -1;
    if (!options->classes)
        return SG_OK;
    sg_status status =
        sg_picture_network_classes(network, options->classes, watch, &classes, error);
    if (!status && classes.count > 1)
        status = sg_fail(error, SG_ERROR_ARGUMENT, "--class takes one class, not \"%s\"",
                         options->classes);
    if (!status && network->config.c_dim > 0)
        *class_index = (int)classes.values[0];
    sg_number_list_clear(&classes);
    return status;
}

static void print_text(const metrics_options *options, const double *values)
{
    char name[SG_METRIC_NAME_BYTES];
    for (size_t i = 0; i < sg_metric_count; i++)
        if (sg_metric_is_wanted(&options->metrics, i))
            printf("%-11s %.2f %s\n", sg_metric_name(&options->metrics, i, name), values[i],
                   sg_metrics[i].unit);
}

/* cJSON writes the infinite value of a metric without any difference as null. */
static sg_status print_json(const metrics_options *options, const double *values, sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    cJSON *report = cJSON_CreateObject();
    bool whole = report && cJSON_AddStringToObject(report, "network", options->network) &&
                 cJSON_AddNumberToObject(report, "num", options->samples) &&
                 cJSON_AddNumberToObject(report, "seed", options->seed);
    cJSON *results = whole ? cJSON_AddObjectToObject(report, "results") : NULL;
    whole = results;
    for (size_t i = 0; i < sg_metric_count && whole; i++)
        whole =
            !sg_metric_is_wanted(&options->metrics, i) ||
            cJSON_AddNumberToObject(results, sg_metric_name(&options->metrics, i, name), values[i]);
    char *text = whole ? cJSON_PrintUnformatted(report) : NULL;
    if (text)
        puts(text);
    cJSON_free(text);
    cJSON_Delete(report);
    return text ? SG_OK : sg_fail_memory(error, "the JSON report");
}

static sg_status measure(metrics_options *options, sg_picture_network *network,
                         const sg_watch *watch, sg_error *error)
{
    double values[SG_MOST_METRICS];
    if (options->samples == 0)
        options->samples = 1000 * options->metrics.thousands;
    sg_metric_setup setup = {.seed = (uint64_t)options->seed, .samples = (size_t)options->samples};
    SG_TRY(sg_picture_network_open(network, options->network, watch, error));
    SG_TRY(choose_class(options, network, watch, &setup.class_index, error));
    SG_TRY(sg_picture_network_load(network, &options->compute, error));
    setup.generator = network->generator;
    SG_TRY(sg_measure(&setup, &options->metrics, watch, values, error));
    if (options->json)
        return print_json(options, values, error);
    print_text(options, values);
    return SG_OK;
}

static int run(const sg_command *command, void *given)
{
    sg_terminal_watch watch;
    sg_picture_network network = {0};
    sg_error error = {0};
    sg_terminal_watch_start(&watch, "measuring", "pictures", warn, command);
    const sg_status status = measure(given, &network, &watch.watch, &error);
    sg_terminal_watch_finish(&watch);
    sg_picture_network_close(&network);
    return status ? sg_command_failure(command, &error) : SG_EXIT_DONE;
}

static void list_metrics(const void *options)
{
    (void)options;
    printf("\nMetrics:\n");
    for (size_t i = 0; i < sg_metric_count; i++)
        printf("  %-11s  %s, in %s\n", sg_metrics[i].name, sg_metrics[i].meaning,
               sg_metrics[i].unit);
}

static const sg_option_group groups[] = {
    {&metrics_fields_table, 0, SG_GIVEN_NOWHERE, NULL},
    {&sg_compute_fields_table, offsetof(metrics_options, compute), SG_GIVEN_NOWHERE, NULL},
};

const sg_command sg_metrics_command = {
    .name = "metrics",
    .summary = "Measure a trained network",
    .synopsis = "--network FILE --metrics LIST [options]",
    .description = "Measures a trained network. The published figures are of 50000 pictures; fewer "
                   "give much the same much sooner.",
    .examples = "  stylegan metrics --network stylegan3.safetensors --metrics eqt50k_int,eqr50k\n"
                "  stylegan metrics --network stylegan3.safetensors --num 256 --json \\\n"
                "      --metrics eqt50k_int,eqt50k_frac,eqr50k",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .options_bytes = sizeof(metrics_options),
    .run = run,
    .describe = list_metrics,
};
