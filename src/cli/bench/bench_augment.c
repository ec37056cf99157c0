/*
 * bench train: what augmentation adds to the phases of a training step. The pipe is measured by
 * itself, since differences of whole steps drown in the noise of a shared machine.
 * Tested by: tests/cli/test_bench.c
 */
#include <stdio.h>

#include "cli/bench/bench.h"
#include "ops/gradient.h"
#include "ops/reduce.h"
#include "train/augment/augment.h"

/* Batches in a measured run: what a batch costs depends on what is drawn. */
enum { BATCHES = 8 };

/* What a phase does with the pipe. */
typedef enum augment_use {
    FORWARD_AND_BACK,  /* Gmain: generated pictures, and their gradient */
    FORWARD_TWICE,     /* Dmain: generated and real pictures */
    GRADIENT_OF_SQUARE /* Dreg: R1's gradient on the tape, and one through it */
} augment_use;

typedef struct augment_run {
    sg_context *context;
    const sg_augment_spec *spec;
    double p;
    augment_use use;
    sg_shape shape; /* of the pictures */
} augment_run;

/* Augments pictures with the draws of a seed. */
static sg_tensor *augment(const augment_run *run, uint64_t seed, sg_tensor *x)
{
    const int64_t *size = run->shape.size;
    sg_random random = sg_random_stream(seed, 0);
    sg_augment_draws draws;
    sg_error error = {0};
    if (sg_augment_draws_random(run->spec, (sg_augment_size){size[0], size[3], size[1], size[2]},
                                &random, &draws, &error))
        return sg_context_fail(run->context, error.status, "%s", error.message);
    sg_tensor *y = sg_augment(run->spec, run->p, &draws, x);
    sg_augment_draws_free(&draws);
    return y;
}

static void run_batch(const augment_run *run, uint64_t seed)
{
    sg_context *context = run->context;
    const bool square = run->use == GRADIENT_OF_SQUARE;
    sg_tensor *gradient = NULL;
    sg_tensor *second = NULL;
    sg_tensor *x = sg_tensor_full(context, SG_F32, run->shape, 0.5);
    sg_tensor *weights = sg_tensor_full(context, SG_F32, run->shape, 0.25);
    context->recording = run->use != FORWARD_TWICE;
    sg_tensor_require_gradient(x, true);
    sg_tensor_require_gradient(weights, square);
    sg_tensor *y = augment(run, seed, x);
    if (run->use == FORWARD_TWICE)
        augment(run, seed + BATCHES, x);
    else
        sg_gradient(y, weights, &x, 1, (sg_gradient_options){.create_graph = square}, &gradient);
    if (square)
        sg_gradient(sg_sum_product(gradient, gradient, sg_shape_of(0, NULL)), NULL, &weights, 1,
                    (sg_gradient_options){0}, &second);
    sg_tensor_require_gradient(x, false);
    sg_tensor_require_gradient(weights, false);
}

static bool run_batches(const void *argument)
{
    const augment_run *run = argument;
    for (uint64_t seed = 0; seed < BATCHES && !run->context->error.status; seed++) {
        size_t scope = sg_scope_open(run->context);
        run_batch(run, seed);
        sg_scope_close(run->context, scope, NULL);
    }
    return !run->context->error.status;
}

bool sg_bench_augment(const sg_bench *bench, sg_context *context, const sg_trainer_options *options,
                      const sg_augment_spec *spec, double step_seconds)
{
    static const struct augmented_phase {
        sg_phase phase;
        augment_use use;
    } phases[] = {{SG_PHASE_G_MAIN, FORWARD_AND_BACK},
                  {SG_PHASE_D_MAIN, FORWARD_TWICE},
                  {SG_PHASE_D_REG, GRADIENT_OF_SQUARE}};
    char name[80];
    const int64_t side = options->generator.img_resolution;
    augment_run run = {.context = context, .spec = spec, .p = bench->augment_p};
    sg_bench_result step = {.name = name};
    run.shape = SG_SHAPE(options->batch, side, side, options->generator.img_channels);
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        sg_bench_result result = {.name = name};
        const int interval = sg_trainer_phase_interval(options, phases[i].phase);
        run.use = phases[i].use;
        if (interval == 0)
            continue;
        if (!sg_bench_time_operation(bench, context, run_batches, &run, &result))
            return false;
        result.seconds /= BATCHES;
        step.seconds += result.seconds / interval;
        snprintf(name, sizeof name, "train/%s/%d/augment/%s", sg_bench_cfg(bench), (int)side,
                 sg_phase_name(phases[i].phase));
        sg_bench_report(bench, &result);
    }
    snprintf(name, sizeof name, "train/%s/%d/augment", sg_bench_cfg(bench), (int)side);
    step.step_share = step.seconds / step_seconds;
    sg_bench_report(bench, &step);
    return true;
}
