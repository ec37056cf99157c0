/* Forecasts. */
#include "train/forecast.h"

#include <stdlib.h>

#include "base/allocate.h"
#include "base/clock.h"

/* Seconds beyond which the first, slower measurement will do. */
static const double long_enough = 2;

/* Whether a phase failed for another reason than its numbers. */
static bool really_failed(sg_context *context)
{
    if (context->error.status == SG_ERROR_NUMERIC)
        sg_context_take_error(context, NULL);
    return context->error.status != SG_OK;
}

/* Seconds of an average step: each phase counts as often as it is due. */
static double measure_step(sg_context *context, sg_trainer *trainer, const sg_trainer_options *o,
                           const float *images, const float *labels)
{
    sg_statistics statistics = {0};
    double seconds = 0;
    for (sg_phase phase = 0; phase < SG_PHASE_COUNT; phase++) {
        double start = sg_clock_seconds();
        int interval = sg_trainer_phase_interval(o, phase);
        if (interval == 0)
            continue;
        sg_trainer_run_phase(trainer, phase, images, labels, &statistics);
        /* A NaN is the training's to report, where it can be rolled back. */
        if (really_failed(context))
            return -1;
        seconds += (sg_clock_seconds() - start) / interval;
    }
    return seconds;
}

sg_status sg_forecast_make(sg_context *context, const sg_trainer_options *o, sg_forecast *forecast,
                           sg_error *error)
{
    sg_trainer *trainer = sg_trainer_create(context, o, NULL);
    size_t batch = (size_t)o->batch;
    size_t pixels = (size_t)o->generator.img_channels;
    if (trainer)
        pixels *= (size_t)(sg_generator_height(sg_trainer_generator(trainer)) *
                           sg_generator_width(sg_trainer_generator(trainer)));
    float *images = sg_allocate(batch, pixels * sizeof *images);
    float *labels = sg_allocate(batch, ((size_t)o->discriminator.c_dim + 1) * sizeof *labels);
    if (!images || !labels)
        sg_context_fail(context, SG_ERROR_MEMORY, "out of memory for a batch of %zu images", batch);
    double seconds = -1;
    for (int i = 0; i < 2 && !context->error.status && seconds < long_enough; i++)
        seconds = measure_step(context, trainer, o, images, labels);
    *forecast = (sg_forecast){seconds * 1000 / (double)batch, sg_process_peak_bytes()};
    free(images);
    free(labels);
    sg_trainer_destroy(trainer);
    sg_pool_trim(context->pool);
    return sg_context_take_error(context, error);
}
