/* `stylegan metrics`: measures a trained network by the metrics of a table (metrics/measure.h).
 * Tested by: tests/cli/test_metrics.c */
#include <cjson/cJSON.h>
#include <limits.h>
#include <stdio.h>

#include "cli/options/option_groups.h"
#include "metrics/measure.h"

/* Options and state of the command. */
typedef struct measurement {
    sg_picture_work work;
    sg_metric_list metrics;
    int samples, seed;
    bool json;
} measurement;

static const measurement defaults = {.work = {.one_class = true, .without_class = true}};

static const sg_field metrics_fields[] = {
    {SG_TEXT(measurement, work.path), SG_OPTION("network", "FILE", "the network file"),
     SG_FLAGS(SG_FIELD_POSITIONAL | SG_FIELD_REQUIRED), SG_GROUP("Network")},
    {SG_CODED(measurement, work.network.keywords, &sg_keywords_codec), SG_CONFIG_OPTION},
    {"class", SG_CODED(measurement, work.lists.classes, &sg_classes_codec),
     SG_OPTION("class", "N", "the class of a conditional network's pictures, counted from 0"),
     SG_USUAL("each one's at random")},
    {SG_CODED(measurement, metrics, &sg_metric_list_codec),
     SG_OPTION("metrics", "LIST", "what to measure, names with commas between"),
     SG_FLAGS(SG_FIELD_REQUIRED), SG_GROUP("Measuring")},
    {SG_INT(measurement, samples, 1, INT_MAX), SG_OPTION("num", "N", "generated pictures"),
     SG_USUAL("as the names say")},
    {SG_INT(measurement, seed, 0, 0),
     SG_OPTION("seed", "N", "seed of the pictures and of what is done with them"), SG_USUAL("0")},
    {SG_FLAG(measurement, json), SG_OPTION("json", NULL, "print one JSON object"),
     SG_GROUP("Output")},
};
static const SG_FIELD_TABLE(metrics_fields, NULL);

static void print_text(const measurement *all, const double *values)
{
    char name[SG_METRIC_NAME_BYTES];
    for (size_t i = 0; i < sg_metric_count; i++)
        if (sg_metric_is_wanted(&all->metrics, i))
            printf("%-11s %.2f %s\n", sg_metric_name(&all->metrics, i, name), values[i],
                   sg_metrics[i].unit);
}

/* cJSON writes the infinite value of a metric without any difference as null. */
static sg_status print_json(const measurement *all, const double *values, sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    cJSON *report = cJSON_CreateObject();
    bool whole = report && cJSON_AddStringToObject(report, "network", all->work.path) &&
                 cJSON_AddNumberToObject(report, "num", all->samples) &&
                 cJSON_AddNumberToObject(report, "seed", all->seed);
    cJSON *results = whole ? cJSON_AddObjectToObject(report, "results") : NULL;
    whole = results;
    for (size_t i = 0; i < sg_metric_count && whole; i++)
        whole = !sg_metric_is_wanted(&all->metrics, i) ||
                cJSON_AddNumberToObject(results, sg_metric_name(&all->metrics, i, name), values[i]);
    char *text = whole ? cJSON_PrintUnformatted(report) : NULL;
    if (text)
        puts(text);
    cJSON_free(text);
    cJSON_Delete(report);
    return text ? SG_OK : sg_fail_memory(error, "the JSON report");
}

static sg_status prepare(void *state, const sg_watch *watch, sg_error *error)
{
    measurement *all = state;
    SG_TRY(sg_picture_work_prepare(&all->work, watch, error));
    return sg_metric_list_check(&all->metrics, all->work.network.generator, error);
}

static sg_status measure(void *state, const sg_watch *watch, sg_error *error)
{
    measurement *all = state;
    double values[SG_MOST_METRICS];
    if (all->samples == 0)
        all->samples = 1000 * all->metrics.thousands;
    const sg_metric_setup setup = {.generator = all->work.network.generator,
                                   .class_index = all->work.common.class_index,
                                   .seed = (uint64_t)all->seed,
                                   .samples = (size_t)all->samples};
    SG_TRY(sg_measure(&setup, &all->metrics, watch, values, error));
    if (all->json)
        return print_json(all, values, error);
    print_text(all, values);
    return SG_OK;
}

static int run(const sg_command *command, void *options)
{
    return sg_picture_work_run(command, "measuring", "pictures", prepare, measure, options);
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
    SG_GROUP_OF_ALL(metrics_fields_table),
    SG_GROUP_AT(sg_compute_fields_table, measurement, work.compute),
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
    SG_TAKES(groups, measurement),
    .defaults = &defaults,
    .run = run,
    .describe = list_metrics,
};
