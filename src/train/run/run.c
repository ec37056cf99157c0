/* The training loop around the steps: batches, ticks, snapshots. */
#include "train/run/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "train/run/curves.h"
#include "train/run/run_job.h"
#include "train/run/snapshots.h"
#include "train/step/guards.h"

sg_run_options sg_run_options_default(void)
{
    return (sg_run_options){.cfg = "stylegan2",
                            .trainer = sg_trainer_options_default(),
                            .kimg = 25000,
                            .tick = 4,
                            .snap = 50};
}

static long long wall_clock(void)
{
    return (long long)time(NULL);
}

static double mean_of(const sg_run_job *r, sg_statistic statistic)
{
    return sg_moments_mean(&r->statistics.moments[statistic]);
}

/* A sheet of pictures, and everything needed to go on from here. */
static sg_status save(sg_run_job *r, sg_error *error)
{
    sg_status status = sg_run_job_paint(r, error);
    return status ? status : sg_snapshot_save(r->trainer, r->folder, error);
}

/* Says in words what the numbers of a tick mean when they bode ill. */
static void warn(sg_run_job *r)
{
    const char *won = sg_discriminator_won(&r->statistics);
    const char *collapsed = sg_mode_collapsed(
        sg_generator_spread(sg_trainer_generator(r->trainer), (uint64_t)r->tick), r->real_spread);
    /* The first ticks say little: the generator has yet to paint anything at all. */
    if (r->tick < 2)
        return;
    if (won)
        sg_run_job_say(r, "%s", won);
    if (collapsed)
        sg_run_job_say(r, "%s", collapsed);
}

/* Curves and events follow from stats.jsonl; a training goes on without them. */
static void show_curves(sg_run_job *r)
{
    sg_error error = {0};
    if (sg_curves_update(r->folder, &error))
        sg_run_job_say(r, "Warning: %s", error.message);
}

/* Ends a tick: a line of statistics, and a snapshot when one is due. */
static sg_status end_tick(sg_run_job *r, bool last, sg_error *error)
{
    double time = sg_clock_seconds();
    double kimg = sg_run_job_kimg(r);
    sg_tick tick = {.number = r->tick,
                    .kimg = kimg,
                    .grows = sg_trainer_grows(r->trainer),
                    .lod = sg_trainer_lod(r->trainer),
                    .resolution = r->resolution,
                    .batch = r->batch,
                    .total_seconds = time - r->started,
                    .seconds_per_tick = time - r->tick_started,
                    .peak_bytes = sg_process_peak_bytes(),
                    .timestamp = (double)wall_clock()};
    tick.seconds_per_kimg = tick.seconds_per_tick / fmax(kimg - r->tick_kimg, 1e-9);
    char growth[64] = "";
    if (sg_trainer_grows(r->trainer))
        snprintf(growth, sizeof growth, "lod %-5.2f res %-4d batch %-4d ", tick.lod, r->resolution,
                 r->batch);
    sg_run_job_say(r, "tick %-5d kimg %-8.1f %stime %.0fs sec/kimg %-7.2f mem %.2fGB G %.3f D %.3f",
                   tick.number, kimg, growth, tick.total_seconds, tick.seconds_per_kimg,
                   tick.peak_bytes / (1 << 30), mean_of(r, SG_STATISTIC_LOSS_G),
                   mean_of(r, SG_STATISTIC_LOSS_D));
    sg_status status = sg_run_folder_write_tick(r->folder, &tick, &r->statistics, error);
    if (!status)
        show_curves(r);
    bool due = last || (r->options.snap > 0 && (r->tick + 1) % r->options.snap == 0);
    if (!status && due)
        status = save(r, error);
    warn(r);
    sg_statistics_reset(&r->statistics);
    r->tick++;
    r->tick_started = sg_clock_seconds();
    r->tick_kimg = kimg;
    return status;
}

/* Tells the callback how far the run is; true when it asks to end. */
static bool report(const sg_run_job *r)
{
    double kimg = sg_run_job_kimg(r);
    sg_run_progress progress = {.kimg = kimg,
                                .total_kimg = (double)r->total_images / 1000,
                                .resolution = r->resolution,
                                .loss_g = mean_of(r, SG_STATISTIC_LOSS_G),
                                .loss_d = mean_of(r, SG_STATISTIC_LOSS_D),
                                .seconds_per_kimg = (sg_clock_seconds() - r->tick_started) /
                                                    fmax(kimg - r->tick_kimg, 1e-9)};
    return r->callbacks.step && r->callbacks.step(r->callbacks.user, &progress);
}

/* One batch through all phases; after a NaN, back to the last snapshot when that was asked for. */
static sg_status step(sg_run_job *r, sg_error *error)
{
    enum { MAX_ROLLBACKS = 10 };
    sg_error failure = {0};
    sg_status status = sg_run_job_load(r, error);
    if (status || !sg_trainer_step(r->trainer, r->images, r->labels, &r->statistics))
        return status;
    sg_context_take_error(r->context, &failure);
    if (failure.status != SG_ERROR_NUMERIC || !r->options.nan_rollback)
        return sg_fail(error, failure.status, "%s%s", failure.message,
                       failure.status == SG_ERROR_NUMERIC ? "; the last snapshot is whole" : "");
    if (++r->rollbacks > MAX_ROLLBACKS)
        return sg_fail(error, failure.status, "%s, after %d rollbacks; the last snapshot is whole",
                       failure.message, MAX_ROLLBACKS);
    sg_run_job_say(r, "%s: going back to the last snapshot, on with other random numbers.",
                   failure.message);
    return sg_run_job_roll_back(r, error);
}

/* At the end of a phase of growing, a sheet of what it came to. */
static sg_status end_phase(sg_run_job *r, sg_error *error)
{
    const sg_growing_stage next = sg_trainer_stage(r->trainer);
    if (!sg_growing_changes_layers(sg_trainer_lod(r->trainer), next.lod))
        return SG_OK;
    sg_run_job_say(r, "kimg %.1f: %dx%d %s, batch %d", sg_run_job_kimg(r), next.resolution,
                   next.resolution, next.lod > floor(next.lod) ? "fades in" : "is whole",
                   next.batch);
    return sg_run_job_paint(r, error);
}

static sg_status train(sg_run_job *r, sg_error *error)
{
    bool stopped = false;
    r->started = r->tick_started = sg_clock_seconds();
    while (sg_trainer_images(r->trainer) < r->total_images && !stopped) {
        sg_status status = step(r, error);
        if (!status)
            status = end_phase(r, error);
        if (status)
            return status;
        stopped = report(r);
        uint64_t images = sg_trainer_images(r->trainer);
        bool last = stopped || images >= r->total_images;
        if (last || images / r->tick_images > (uint64_t)r->tick)
            status = end_tick(r, last, error);
        if (status)
            return status;
    }
    if (stopped)
        sg_run_job_say(r, "Stopped at kimg %.1f of %.1f, as asked; everything so far is saved.",
                       sg_run_job_kimg(r), (double)r->total_images / 1000);
    return SG_OK;
}

sg_status sg_run(sg_context *context, const sg_run_options *options,
                 const sg_run_callbacks *callbacks, char *folder, size_t size, sg_error *error)
{
    sg_run_job *r = sg_allocate(1, sizeof *r);
    if (!r)
        return sg_fail_memory(error, "a training run");
    r->context = context;
    r->options = *options;
    if (callbacks)
        r->callbacks = *callbacks;
    sg_status status = sg_run_job_prepare(r, error);
    snprintf(folder, size, "%s", r->folder);
    if (!status && !r->options.dry_run)
        status = train(r, error);
    if (!status && !r->options.dry_run)
        sg_run_job_say(r, "Done: %s", r->folder);
    sg_run_job_release(r);
    free(r);
    return status;
}
