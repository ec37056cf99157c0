/* Forecasts: steps of a scratch copy, timed; see forecast.h. */
#include "train/run/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "data/picture_base.h"

/* A first measurement of more seconds is not repeated. */
static const double long_enough = 2;

/* Tells whether a phase failed, except by a NaN, which the training itself reports. */
static bool really_failed(sg_context *context)
{
    if (context->error.status == SG_ERROR_NUMERIC)
        sg_context_take_error(context, NULL);
    return context->error.status;
}

/* Returns the seconds of an average step: each phase counts as often as it is due. */
static double measure_step(sg_context *context, sg_trainer *trainer,
                           const sg_trainer_options *options, const float *images,
                           const float *labels)
{
    sg_statistics statistics = {0};
    double seconds = 0;
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        double start = sg_clock_seconds();
        int interval = sg_trainer_phase_interval(options, phase);
        if (interval == 0)
            continue;
        sg_trainer_run_phase(trainer, phase, images, labels, &statistics);
        if (really_failed(context))
            return -1;
        seconds += (sg_clock_seconds() - start) / interval;
    }
    return seconds;
}

/* Returns seconds per thousand images at the trainer's stage; below 0 on failure. */
static double measure_stage(sg_context *context, sg_trainer *trainer,
                            const sg_trainer_options *options)
{
    const sg_growing_stage stage = sg_trainer_stage(trainer);
    size_t batch = (size_t)stage.batch;
    const sg_generator_config *config = &options->generator;
    size_t pixels = (size_t)sg_picture_side(config->base_height, stage.resolution) *
                    (size_t)sg_picture_side(config->base_width, stage.resolution) *
                    (size_t)config->img_channels;
    float *images = sg_allocate(batch, pixels * sizeof *images);
    float *labels = sg_allocate(batch, ((size_t)options->discriminator.c_dim + 1) * sizeof *labels);
    if (!images || !labels)
        sg_context_fail_memory(context, "a batch of %zu images", batch);
    double seconds = -1;
    for (int i = 0; i < 2 && !context->error.status && seconds < long_enough; i++)
        seconds = measure_step(context, trainer, options, images, labels);
    free(images);
    free(labels);
    return seconds * 1000 / (double)batch;
}

/* Moves a trainer to the point at which the resolution of a schedule's entry is whole. */
static void go_to_level(sg_trainer *trainer, const sg_trainer_options *options, int level)
{
    const sg_growing_schedule *growing = &options->growing;
    int passed = level - sg_growing_first_level(growing, options->generator.img_resolution);
    uint64_t images = (uint64_t)ceil((growing->stable_kimg + growing->fade_kimg) * passed * 1000);
    sg_trainer_set_counters(trainer,
                            &(sg_trainer_counters){.images = images, .stage_images = images});
}

/* Returns the seconds of a growing training between two points, one resolution after the other.
 */
static double measure_growing(sg_context *context, sg_trainer *trainer,
                              const sg_trainer_options *options, double from_kimg, double to_kimg)
{
    double seconds = 0;
    int full = options->generator.img_resolution;
    int last = sg_growing_level(full);
    for (int i = sg_growing_first_level(&options->growing, full); i <= last && seconds >= 0; i++) {
        double begin = fmax(sg_growing_begin(&options->growing, full, i), from_kimg);
        double end = i < last ? sg_growing_begin(&options->growing, full, i + 1) : to_kimg;
        end = fmin(end, to_kimg);
        if (end <= begin)
            continue;
        go_to_level(trainer, options, i);
        double measured = measure_stage(context, trainer, options);
        seconds = measured < 0 ? measured : seconds + measured * (end - begin);
    }
    return seconds;
}

sg_status sg_forecast_make(sg_context *context, const sg_trainer_options *options, double from_kimg,
                           double to_kimg, sg_forecast *forecast, sg_error *error)
{
    double kimg = fmax(to_kimg - from_kimg, 0);
    sg_trainer *trainer = sg_trainer_create(context, options, NULL);
    *forecast = (sg_forecast){0};
    if (trainer && options->growing.initial_resolution > 0)
        forecast->seconds = measure_growing(context, trainer, options, from_kimg, to_kimg);
    else if (trainer)
        forecast->seconds = measure_stage(context, trainer, options) * kimg;
    forecast->seconds_per_kimg = forecast->seconds / fmax(kimg, 1e-9);
    forecast->peak_bytes = sg_process_peak_bytes();
    sg_trainer_destroy(trainer);
    sg_pool_trim(context->pool);
    return sg_context_take_error(context, error);
}
