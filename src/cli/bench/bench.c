/*
 * What the subjects of `stylegan bench` share; see bench.h.
 * Tested by: tests/cli/test_bench.c
 */
#include "cli/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "cli/terminal/report.h"
#include "kernels/convolution/by_onednn.h"
#include "models/config.h"
#include "models/config_rules.h"
#include "models/family.h"
#include "train/options/preset_resolve.h"

/* Linux forgets the peak on request; elsewhere the peak of the whole process is reported. */
void sg_bench_reset_peak(void)
{
    FILE *stream = fopen("/proc/self/clear_refs", "w");
    if (!stream)
        return;
    fputs("5", stream);
    fclose(stream);
}

double sg_bench_peak_bytes(void)
{
    double peak = sg_process_peak_bytes();
    FILE *stream = fopen("/proc/self/status", "r");
    char line[256];
    while (stream && fgets(line, sizeof line, stream))
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = 1024.0 * strtod(line + 6, NULL);
    if (stream)
        fclose(stream);
    return peak;
}

bool sg_bench_measure_limit(sg_bench *bench)
{
    if (!sg_onednn_is_built_in())
        return true;
    sg_limit limit = sg_limit_convolution(bench->runs > 5 ? bench->runs : 5);
    if (limit.seconds <= 0) {
        fprintf(stderr, "stylegan: bench: oneDNN could not run the convolution to compare with\n");
        return false;
    }
    double rate = limit.multiply_adds / limit.seconds;
    if (rate > bench->limit_rate)
        bench->limit_rate = rate;
    return true;
}

static void report_json(const sg_bench *bench, const sg_bench_result *result)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", result->name);
    cJSON_AddNumberToObject(object, "seconds", result->seconds);
    if (result->multiply_adds > 0) {
        double rate = result->multiply_adds / result->seconds;
        cJSON_AddNumberToObject(object, "gmac", 1e-9 * result->multiply_adds);
        cJSON_AddNumberToObject(object, "gmac_per_second", 1e-9 * rate);
        if (bench->limit_rate > 0)
            cJSON_AddNumberToObject(object, "rate_fraction", rate / bench->limit_rate);
    }
    if (result->peak_bytes > 0)
        cJSON_AddNumberToObject(object, "peak_bytes", result->peak_bytes);
    if (result->error > 0)
        cJSON_AddNumberToObject(object, "error", result->error);
    if (result->step_share > 0)
        cJSON_AddNumberToObject(object, "step_share", result->step_share);
    if (result->total_seconds > 0)
        cJSON_AddNumberToObject(object, "total_seconds", result->total_seconds);
    if (result->pictures > 0)
        cJSON_AddNumberToObject(object, "pictures_per_second", result->pictures / result->seconds);
    cJSON_AddNumberToObject(object, "threads", sg_thread_count());
    char *text = cJSON_PrintUnformatted(object);
    printf("%s\n", text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(object);
}

void sg_bench_report(const sg_bench *bench, const sg_bench_result *result)
{
    if (bench->json) {
        report_json(bench, result);
    } else {
        printf("%-34s %10.4f s", result->name, result->seconds);
        if (result->multiply_adds > 0) {
            double rate = result->multiply_adds / result->seconds;
            printf("  %7.1f GMAC/s", 1e-9 * rate);
            if (bench->limit_rate > 0)
                printf("  rate_fraction %.3f", rate / bench->limit_rate);
        }
        if (result->peak_bytes > 0)
            printf("  %6.0f MB", 1e-6 * result->peak_bytes);
        if (result->error > 0)
            printf("  error %.1e of the range", result->error);
        if (result->step_share > 0)
            printf("  %.1f %% of the step", 100 * result->step_share);
        if (result->total_seconds > 0)
            printf("  beyond the arithmetic of %.4f s in all", result->total_seconds);
        if (result->pictures > 0)
            printf("  %.1f pictures/s", result->pictures / result->seconds);
        printf("\n");
    }
    fflush(stdout);
}

void sg_bench_report_limit(const sg_bench *bench, const char *name, sg_limit limit,
                           double peak_bytes)
{
    sg_bench_report(bench, &(sg_bench_result){.name = name,
                                              .seconds = limit.seconds,
                                              .multiply_adds = limit.multiply_adds,
                                              .peak_bytes = peak_bytes});
}

bool sg_bench_time_operation(const sg_bench *bench, sg_context *context,
                             bool (*run)(const void *argument), const void *argument,
                             sg_bench_result *result)
{
    const int64_t before = context->multiply_adds;
    for (int i = 0; i <= bench->runs; i++) {
        size_t scope = sg_scope_open(context);
        double start = sg_clock_seconds();
        bool done = run(argument);
        double seconds = sg_clock_seconds() - start;
        sg_scope_close(context, scope, NULL);
        if (!done)
            return false;
        if (i > 0 && (result->seconds == 0 || seconds < result->seconds))
            result->seconds = seconds;
    }
    result->multiply_adds = (double)(context->multiply_adds - before) / (bench->runs + 1);
    result->peak_bytes = sg_bench_peak_bytes();
    return true;
}

int sg_bench_channels(const sg_bench *bench, int usual)
{
    return SG_TRAINING_GIVEN(&bench->given, trainer.generator.channel_max)
               ? bench->run.trainer.generator.channel_max
               : usual;
}

int sg_bench_batch(const sg_bench *bench, int usual)
{
    return SG_TRAINING_GIVEN(&bench->given, trainer.batch) ? bench->run.trainer.batch : usual;
}

const char *sg_bench_cfg(const sg_bench *bench)
{
    return sg_presets[bench->run.cfg].name;
}

/* Leaves out what the preset has no use for; a benchmark of all presets takes one command line. */
static void drop_unused(const sg_preset *preset, sg_given *given)
{
    const int unused[] = {sg_field_find_option(&sg_training_table, "w-dim"),
                          sg_field_find_option(&sg_training_table, "map-depth")};
    for (size_t i = 0; !sg_family_of(preset->family)->maps && i < sizeof unused / sizeof *unused;
         i++)
        sg_given_clear(given, (size_t)unused[i]);
}

sg_status sg_bench_trainer_options(const sg_bench *bench, int resolution, int batch,
                                   sg_trainer_options *trainer, sg_error *error)
{
    sg_run_options options = bench->run;
    sg_given given = bench->given;
    options.trainer.batch = sg_bench_batch(bench, batch);
    sg_given_set_at(&sg_training_table, &given, offsetof(sg_run_options, trainer.batch));
    if (sg_preset_options(&sg_presets[options.cfg]).discriminator.output != SG_OUTPUT_SCORE)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"cfg\" %s has no phases to measure: it trains no generator against a "
                       "discriminator",
                       sg_bench_cfg(bench));
    drop_unused(&sg_presets[options.cfg], &given);
    SG_TRY(sg_preset_resolve(
        &options, &given, bench->resolution > 0 ? bench->resolution : resolution, &options, error));
    *trainer = options.trainer;
    sg_generator_config_set_w(&trainer->generator);
    trainer->blur_init_sigma = 0;            /* of the beginning only */
    trainer->growing.initial_resolution = 0; /* the full picture's stage, which is the longest */
    return SG_OK;
}

int sg_bench_limits(sg_bench *bench)
{
    sg_bench_reset_peak();
    sg_limit convolution = sg_limit_convolution(bench->runs);
    double convolution_peak = sg_bench_peak_bytes();
    sg_bench_reset_peak();
    sg_limit fma = sg_limit_fma(bench->runs);
    double fma_peak = sg_bench_peak_bytes();
    if (convolution.seconds <= 0 || fma.seconds <= 0) {
        fprintf(stderr, "stylegan: bench: the limits could not be measured\n");
        return SG_EXIT_FAILED;
    }
    bench->limit_rate = convolution.multiply_adds / convolution.seconds;
    sg_bench_report_limit(bench, "limits/conv3x3", convolution, convolution_peak);
    sg_bench_report_limit(bench, "limits/fma", fma, fma_peak);
    return SG_EXIT_DONE;
}
