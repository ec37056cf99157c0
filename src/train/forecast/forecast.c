/* Forecasts: steps of hollow networks, and what their ops would take; see forecast.h. */
#include "train/forecast/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "models/network_cost.h"
#include "optim/ema.h"
#include "optim/gradients.h"

const double sg_forecast_budget = 2;

/* What a rehearsal has: hollow networks, and the most memory so far. */
typedef struct rehearsal {
    sg_context *context;
    const sg_trainer_options *options;
    sg_trainer *trainer;
    double peak_bytes;
} rehearsal;

static void note_memory(rehearsal *run)
{
    run->peak_bytes = fmax(run->peak_bytes, (double)sg_pool_bytes_held(run->context->pool));
}

/* Runs each phase once; its work counts as often as it is due in one of `steps` steps. */
static void rehearse_step(rehearsal *run, double steps)
{
    sg_statistics statistics = {0};
    sg_work_log *log = run->context->work;
    const sg_trainer_networks networks = sg_trainer_networks_of(run->trainer);
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT && !run->context->error.status; phase++) {
        const int interval = sg_trainer_phase_interval(run->options, phase);
        if (interval == 0)
            continue;
        log->weight = steps / interval;
        sg_trainer_run_phase(run->trainer, phase, NULL, NULL, &statistics);
        note_memory(run);
        sg_trainer_trim(run->trainer, phase);
    }
    log->weight = steps;
    if (networks.encoder) {
        sg_find_not_finite(sg_encoder_parameters(networks.encoder));
        return;
    }
    if (networks.d_average) {
        sg_ema_update(sg_discriminator_parameters(networks.d_average),
                      sg_discriminator_parameters(networks.discriminator), 0);
    } else {
        sg_ema_update(sg_generator_parameters(networks.average),
                      sg_generator_parameters(networks.generator), 0);
        sg_find_not_finite(sg_generator_parameters(networks.generator));
    }
    sg_find_not_finite(sg_discriminator_parameters(networks.discriminator));
}

/* A sheet is painted by the averaged generator, one picture after the other, whose packed weights
 * stay; its time is not the training's. */
static void rehearse_sheet(rehearsal *run)
{
    sg_context *context = run->context;
    sg_generator *painter = sg_trainer_networks_of(run->trainer).average;
    const double weight = context->work->weight;
    if (!painter || context->error.status)
        return;
    const size_t scope = sg_scope_open(context);
    context->work->weight = 0;
    sg_cost_paint(painter);
    sg_scope_close(context, scope, NULL);
    context->work->weight = weight;
    note_memory(run);
}

/* Rehearses so many thousand images at the trainer's stage. Memory settles in the second step. */
static void rehearse_stage(rehearsal *run, double kimg)
{
    const int batch = sg_trainer_stage(run->trainer).batch;
    rehearse_sheet(run);
    rehearse_step(run, 0);
    rehearse_step(run, kimg * 1000 / batch);
}

/* Moves a trainer to the point at which the resolution of a schedule's entry is whole. */
static void go_to_level(sg_trainer *trainer, const sg_trainer_options *options, int level)
{
    const sg_growing_schedule *growing = &options->growing;
    int passed = level - sg_growing_first_level(growing, options->generator.img_resolution);
    uint64_t images = (uint64_t)ceil((growing->stable_kimg + growing->fade_kimg) * passed * 1000);
    sg_trainer_counters counters = sg_trainer_counters_of(trainer);
    counters.images = counters.stage_images = images;
    sg_trainer_set_counters(trainer, &counters);
}

/* Rehearses a growing training between two points, one resolution after the other. */
static void rehearse_growing(rehearsal *run, double from_kimg, double to_kimg)
{
    const sg_trainer_options *options = run->options;
    int full = options->generator.img_resolution;
    int last = sg_growing_level(full);
    for (int i = sg_growing_first_level(&options->growing, full); i <= last; i++) {
        double begin = fmax(sg_growing_begin(&options->growing, full, i), from_kimg);
        double end = i < last ? sg_growing_begin(&options->growing, full, i + 1) : to_kimg;
        end = fmin(end, to_kimg);
        if (end <= begin)
            continue;
        go_to_level(run->trainer, options, i);
        rehearse_stage(run, end - begin);
    }
}

/* Returns the bytes of the optimisers' moments and of a batch, which are not in the pool. */
static double other_bytes(const sg_trainer_options *options, double values)
{
    const sg_generator_config *g = &options->generator;
    const double side = g->img_resolution;
    const double picture = side * side * g->base_height * g->base_width / 16.0 * g->img_channels;
    static const int kept[SG_OPTIMISER_COUNT] = {[SG_ADAM] = 2, [SG_RMSPROP] = 1, [SG_RANGER] = 3};
    const int moments = kept[options->optimiser];
    const int batches = 4; /* the run's and those that the loader prepares */
    return sizeof(float) * (moments * values + batches * picture * options->batch);
}

/* Adaptive augmentation starts without effect, but takes its time soon. */
static void strengthen_augmentation(sg_trainer *trainer)
{
    static const float usual_p = 0.5F;
    sg_trainer_counters counters = sg_trainer_counters_of(trainer);
    counters.ada.p = fmaxf(counters.ada.p, usual_p);
    if (sg_trainer_adapts(trainer))
        sg_trainer_set_counters(trainer, &counters);
}

static void rehearse(rehearsal *run, double from_kimg, double to_kimg, sg_forecast *forecast)
{
    const sg_trainer_networks networks = sg_trainer_networks_of(run->trainer);
    const double kimg = to_kimg - from_kimg;
    strengthen_augmentation(run->trainer);
    if (run->options->growing.initial_resolution > 0)
        rehearse_growing(run, from_kimg, to_kimg);
    else
        rehearse_stage(run, kimg);
    int64_t values = sg_parameter_set_count_values(
        networks.encoder ? sg_encoder_parameters(networks.encoder)
                         : sg_discriminator_parameters(networks.discriminator));
    if (networks.generator)
        values += sg_parameter_set_count_values(sg_generator_parameters(networks.generator));
    forecast->peak_bytes =
        sg_cost_of_step(run->peak_bytes + other_bytes(run->options, (double)values));
}

/* Makes a trainer without values; of an encoder, with VGG16 where its losses need it. */
static void create_trainer(rehearsal *run)
{
    sg_error error = {0};
    sg_lpips_tape *lpips = NULL;
    const bool perceives =
        run->options->encoding.encodes && run->options->encoding.losses.of[SG_INVERT_LPIPS] > 0;
    run->trainer = sg_trainer_create(run->context, run->options, NULL);
    if (!run->trainer || !perceives)
        return;
    if (sg_lpips_tape_random(run->context, SG_F32, &lpips, &error))
        sg_context_fail(run->context, error.status, "%s", error.message);
    sg_trainer_take_lpips(run->trainer, lpips);
}

sg_status sg_forecast_make(sg_work_times *times, const sg_trainer_options *options,
                           double from_kimg, double to_kimg, sg_forecast *forecast, sg_error *error)
{
    const double kimg = fmax(to_kimg - from_kimg, 0);
    rehearsal run = {.context = sg_context_create_hollow(), .options = options};
    *forecast = (sg_forecast){0};
    if (!run.context)
        return sg_fail_memory(error, "a forecast");
    create_trainer(&run);
    if (run.trainer && !run.context->error.status)
        rehearse(&run, from_kimg, from_kimg + kimg, forecast);
    sg_status status = sg_context_take_error(run.context, error);
    if (!status && times) {
        forecast->seconds = sg_work_times_sum(times, run.context->work);
        forecast->seconds_per_kimg = forecast->seconds / fmax(kimg, 1e-9);
    }
    sg_trainer_destroy(run.trainer);
    sg_context_destroy(run.context);
    return status;
}
