/*
 * bench project: a step of a projection into W, with LPIPS and VGG16, on a random network; both
 * networks' weights are random.
 * Tested by: tests/cli/test_bench.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "cli/bench/bench.h"
#include "cli/terminal/report.h"
#include "invert/projector.h"

enum { CHANNELS = 3, MEAN_SAMPLES = 100 };

static bool run_step(const void *argument)
{
    sg_projector *projector = *(sg_projector *const *)argument;
    return !sg_projector_step(projector, NULL, NULL);
}

/* Makes a projection of a picture of patterns. */
static sg_status make_projector(const sg_invert_networks *networks, int steps,
                                sg_projector **projector, sg_error *error)
{
    const size_t height = (size_t)sg_generator_height(networks->generator);
    const size_t width = (size_t)sg_generator_width(networks->generator);
    uint8_t *pixels = sg_allocate(height * width, CHANNELS);
    sg_projector_options options = sg_projector_options_default();
    if (!pixels)
        return sg_fail_memory(error, "a picture");
    for (size_t i = 0; i < height * width * CHANNELS; i++)
        pixels[i] = (uint8_t)(i * 2654435761u >> 13);
    options.steps = steps;
    options.w_avg_samples = MEAN_SAMPLES;
    options.class_index = 0;
    const sg_projector_targets targets = {.pictures = {1, height, width, CHANNELS, pixels, NULL}};
    const sg_status status =
        sg_projector_create(networks, &options, &targets, NULL, projector, error);
    free(pixels);
    return status;
}

/* Times steps in the middle of a long run, where all of its parts are at work. */
static sg_status measure(sg_bench *bench, const sg_invert_networks *networks, sg_error *error)
{
    char name[64];
    sg_bench_result result = {.name = name};
    sg_context *context = sg_generator_parameters(networks->generator)->context;
    sg_projector *projector = NULL;
    const int resolution = sg_generator_config_of(networks->generator)->img_resolution;
    snprintf(name, sizeof name, "project/%s/%d", sg_bench_cfg(bench), resolution);
    sg_bench_reset_peak();
    sg_status status = make_projector(networks, bench->runs + 1, &projector, error);
    if (!status && !sg_bench_time_operation(bench, context, run_step, &projector, &result))
        status = sg_fail(error, SG_ERROR_NUMERIC, "a step of the projection failed");
    sg_projector_destroy(projector);
    if (!status && !sg_bench_measure_limit(bench))
        status = SG_ERROR_LIBRARY;
    if (!status)
        sg_bench_report(bench, &result);
    return status;
}

static sg_status run(sg_bench *bench, sg_context *context, sg_error *error)
{
    sg_trainer_options options;
    sg_invert_networks networks = {.generator = NULL};
    SG_TRY(sg_bench_trainer_options(bench, 256, 1, &options, error));
    sg_status status = sg_lpips_tape_random(context, SG_F32, &networks.lpips, error);
    if (!status) {
        networks.generator = sg_generator_create(context, &options.generator, SG_F32, 1);
        status = sg_context_take_error(context, error);
    }
    if (!status)
        status = measure(bench, &networks, error);
    sg_generator_destroy(networks.generator);
    sg_lpips_tape_close(networks.lpips);
    return status;
}

int sg_bench_project(sg_bench *bench)
{
    sg_error error = {0};
    sg_context *context = sg_context_create_with(&bench->compute);
    const sg_status status =
        context ? run(bench, context, &error) : sg_fail_memory(&error, "a context");
    sg_context_destroy(context);
    if (error.message[0])
        sg_report_failure("bench", &error);
    return status ? SG_EXIT_FAILED : SG_EXIT_DONE;
}
