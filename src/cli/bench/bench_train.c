/*
 * bench train: the phases of a training step.
 * Tested by: tests/cli/test_bench.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "cli/bench/bench.h"
#include "cli/terminal/report.h"
#include "train/step/trainer.h"

enum { DEFAULT_RESOLUTION = 32, DEFAULT_BATCH = 16 };

/* Pixels in [-1, 1] that are not all alike. */
static float *make_reals(const sg_trainer_options *o)
{
    size_t side = (size_t)o->generator.img_resolution;
    size_t count = side * side * (size_t)o->generator.img_channels * (size_t)o->batch;
    float *reals = sg_allocate(count, sizeof *reals);
    for (size_t i = 0; reals && i < count; i++)
        reals[i] = (float)(i % 17) / 8 - 1;
    return reals;
}

typedef struct phase_run {
    sg_trainer *trainer;
    sg_phase phase;
    const float *reals;
} phase_run;

static bool run_phase(const void *argument)
{
    const phase_run *one = argument;
    sg_statistics statistics = {0};
    return !sg_trainer_run_phase(one->trainer, one->phase, one->reals, NULL, &statistics);
}

/* Times each phase, then reports them and their weighted sum, whose seconds go to *seconds. */
static bool run_phases(sg_bench *bench, sg_context *context, sg_trainer *trainer,
                       const sg_trainer_options *options, const float *reals, double *seconds)
{
    sg_bench_result results[SG_PHASE_COUNT + 1] = {{0}};
    sg_bench_result *step = &results[SG_PHASE_COUNT];
    char names[SG_PHASE_COUNT + 1][64];
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        sg_bench_result *result = &results[phase];
        int interval = sg_trainer_phase_interval(options, phase);
        if (interval == 0)
            continue;
        sg_bench_reset_peak();
        if (!sg_bench_time_operation(bench, context, run_phase, &(phase_run){trainer, phase, reals},
                                     result))
            return false;
        step->seconds += result->seconds / interval;
        step->multiply_adds += result->multiply_adds / interval;
        if (result->peak_bytes > step->peak_bytes)
            step->peak_bytes = result->peak_bytes;
    }
    /* The yardstick again: the machine may have been busier before than it is now. */
    if (!sg_bench_measure_limit(bench))
        return false;
    for (int i = 0; i <= SG_PHASE_COUNT; i++) {
        if (results[i].seconds == 0)
            continue;
        snprintf(names[i], sizeof names[i], "train/%s/%d/%s", sg_bench_cfg(bench),
                 options->generator.img_resolution,
                 i < SG_PHASE_COUNT ? sg_phase_name((sg_phase)i) : "step");
        results[i].name = names[i];
        sg_bench_report(bench, &results[i]);
    }
    *seconds = step->seconds;
    return true;
}

int sg_bench_train(sg_bench *bench)
{
    sg_error error = {0};
    sg_trainer_options options;
    sg_augment_spec spec = {{0}, {0}};
    double seconds = 0;
    if ((bench->augment && sg_augment_spec_parse(bench->augment, "\"augment\"", &spec, &error)) ||
        sg_bench_trainer_options(bench, DEFAULT_RESOLUTION, DEFAULT_BATCH, &options, &error))
        return sg_report_failure("bench", &error);
    sg_context *context = sg_context_create_with(&bench->compute);
    if (!context || !sg_bench_measure_limit(bench)) {
        sg_context_destroy(context);
        return SG_EXIT_FAILED;
    }
    sg_trainer *trainer = sg_trainer_create(context, &options, NULL);
    float *reals = make_reals(&options);
    bool done = trainer && reals &&
                run_phases(bench, context, trainer, &options, reals, &seconds) &&
                (!bench->augment || sg_bench_augment(bench, context, &options, &spec, seconds));
    if (sg_context_take_error(context, &error))
        sg_report_failure("bench", &error);
    free(reals);
    sg_trainer_destroy(trainer);
    sg_context_destroy(context);
    return done ? SG_EXIT_DONE : SG_EXIT_FAILED;
}
