/*
 * bench train: the phases of a training step.
 * Tested by: tests/cli/test_bench.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
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

/* Seconds of the fastest of the runs, after one to warm up; negative on failure. */
static double time_phase(const sg_bench *bench, sg_trainer *trainer, sg_phase phase,
                         const float *reals)
{
    double best = -1;
    sg_statistics statistics = {0};
    for (int i = 0; i <= bench->runs; i++) {
        double start = sg_clock_seconds();
        if (sg_trainer_run_phase(trainer, phase, reals, NULL, &statistics))
            return -1;
        double seconds = sg_clock_seconds() - start;
        if (i > 0 && (best < 0 || seconds < best))
            best = seconds;
    }
    return best;
}

/* Times each phase, then reports them and their weighted sum. */
static bool run_phases(sg_bench *bench, sg_context *context, sg_trainer *trainer,
                       const sg_trainer_options *options, const float *reals)
{
    sg_bench_result results[SG_PHASE_COUNT + 1] = {{0}};
    sg_bench_result *step = &results[SG_PHASE_COUNT];
    char names[SG_PHASE_COUNT + 1][64];
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        int64_t before = context->multiply_adds;
        int interval = sg_trainer_phase_interval(options, phase);
        if (interval == 0)
            continue;
        sg_bench_reset_peak();
        results[phase].seconds = time_phase(bench, trainer, phase, reals);
        if (results[phase].seconds < 0)
            return false;
        results[phase].multiply_adds =
            (double)(context->multiply_adds - before) / (bench->runs + 1);
        results[phase].peak_bytes = sg_bench_peak_bytes();
        step->seconds += results[phase].seconds / interval;
        step->multiply_adds += results[phase].multiply_adds / interval;
        if (results[phase].peak_bytes > step->peak_bytes)
            step->peak_bytes = results[phase].peak_bytes;
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
    return true;
}

int sg_bench_train(sg_bench *bench)
{
    sg_error error = {0};
    sg_trainer_options options;
    if (sg_bench_trainer_options(bench, DEFAULT_RESOLUTION, DEFAULT_BATCH, &options, &error))
        return sg_report_failure("bench", &error);
    sg_context *context = sg_context_create(bench->compute.threads);
    if (!context || !sg_bench_measure_limit(bench)) {
        sg_context_destroy(context);
        return SG_EXIT_FAILED;
    }
    sg_trainer *trainer = sg_trainer_create(context, &options, NULL);
    float *reals = make_reals(&options);
    bool done = trainer && reals && run_phases(bench, context, trainer, &options, reals);
    if (sg_context_take_error(context, &error))
        sg_report_failure("bench", &error);
    free(reals);
    sg_trainer_destroy(trainer);
    sg_context_destroy(context);
    return done ? SG_EXIT_DONE : SG_EXIT_FAILED;
}
