/* The training loop around the steps: batches, ticks, snapshots, rollbacks. */
#include "train/run/run.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "data/picture_base.h"
#include "runs/curves.h"
#include "train/measure/background.h"
#include "train/run/event_file.h"
#include "train/run/run_metrics.h"
#include "train/run/run_state.h"
#include "train/run/snapshots.h"
#include "train/run/warnings.h"

static double wall_clock(void)
{
    return (double)time(NULL);
}

static double tick_mean(const sg_run_state *run, sg_statistic statistic)
{
    return sg_moments_mean(&run->statistics.moments[statistic]);
}

/* Says a warning (NULL: none holds) as often as is due. */
static void say_warning(sg_run_state *run, const char *warning, sg_warning_record *record)
{
    char text[SG_WARNING_BYTES];
    const char *due = sg_warning_due(warning, record, text);
    if (due)
        sg_run_say(run, "%s", due);
}

static bool augments(const sg_run_state *run)
{
    return run->options.trainer.augment.mode != SG_AUGMENT_NONE;
}

static const char *overfits(const sg_run_state *run)
{
    const sg_overfitting_case overfit = {
        .held_out_share = run->held_out_share,
        .signed_scores = sg_adversarial_loss_of(run->options.trainer.loss)->signed_scores,
        .augments = augments(run),
        .adapts = sg_trainer_adapts(run->trainer)};
    return sg_discriminator_overfits(&run->statistics, overfit);
}

/* Warns when the tick's statistics suggest divergence or mode collapse. */
static void warn(sg_run_state *run)
{
    say_warning(run, sg_gradients_broke(&run->statistics), &run->broken);
    if (sg_trainer_trains_one(&run->options.trainer))
        return;
    char text[SG_WARNING_BYTES];
    const sg_advice_case training = sg_run_advice_case(run);
    const char *won = sg_discriminator_won(&run->statistics, &training, text);
    const char *collapsed =
        sg_mode_collapsed(sg_generator_spread(sg_trainer_networks_of(run->trainer).generator,
                                              run->sheet.labels, (uint64_t)run->tick),
                          run->real_spread, &training);
    run->held_out_share = sg_held_out_share(&run->statistics, run->held_out_share);
    /* The first ticks say little: the generator paints noise. */
    if (run->tick < 2)
        return;
    say_warning(run, won, &run->won);
    say_warning(run, won ? NULL : overfits(run), &run->overfit);
    say_warning(run, collapsed, &run->collapsed);
}

/* Returns the mean of the generator's loss since the last tick; before its first step in a tick, as
 * where the discriminator has several, what it was before. */
static double shown_loss_g(sg_run_state *run)
{
    if (run->statistics.moments[SG_STATISTIC_LOSS_G].count > 0)
        run->loss_g = tick_mean(run, SG_STATISTIC_LOSS_G);
    return run->loss_g;
}

/* Returns the loss of a mapper or of a generator that is moved, mean since the last tick. */
static double moving_loss(const sg_run_state *run)
{
    return tick_mean(run,
                     run->options.trainer.mapping.maps ? SG_STATISTIC_LOSS_M : SG_STATISTIC_LOSS_G);
}

/* Tells the callback how far the run is; true when the callback asks to end. */
static bool report(sg_run_state *run)
{
    double kimg = sg_run_kimg(run);
    const sg_generator_config *config = &run->options.trainer.generator;
    const bool classifies = sg_trainer_classifies(&run->options.trainer);
    const bool encodes = run->options.trainer.encoding.encodes;
    sg_run_progress progress = {.kimg = kimg,
                                .total_kimg = (double)run->total_images / 1000,
                                .height = sg_picture_side(config->base_height, run->resolution),
                                .width = sg_picture_side(config->base_width, run->resolution),
                                .loss_g = run->options.trainer.mapping.maps ? moving_loss(run)
                                                                            : shown_loss_g(run),
                                .loss_d = tick_mean(run, encodes      ? SG_STATISTIC_LOSS_E
                                                         : classifies ? SG_STATISTIC_LOSS_C
                                                                      : SG_STATISTIC_LOSS_D),
                                .seconds_per_kimg = (sg_clock_seconds() - run->tick_started) /
                                                    fmax(kimg - run->tick_kimg, 1e-9),
                                .augments = augments(run),
                                .classifies = classifies,
                                .encodes = encodes,
                                .moves = !sg_trainer_sees_data(&run->options.trainer),
                                .psnr = tick_mean(run, SG_STATISTIC_PSNR),
                                .accuracy = tick_mean(run, SG_STATISTIC_ACCURACY),
                                .held_out_accuracy = run->held_out_accuracy,
                                .augment_p = sg_trainer_augment_p(run->trainer),
                                .mean_sign = tick_mean(run, SG_STATISTIC_SIGNS_REAL)};
    if (run->metrics && sg_run_metrics_waits(run)) {
        progress.measures = true;
        progress.measured = sg_background_progress(run->metrics);
    }
    return run->callbacks.step && run->callbacks.step(run->callbacks.user, &progress);
}

/* ---- snapshots ---- */

/* Returns the names of the data's classes as a list in JSON, for cJSON_free; NULL without names. */
static char *class_names(const sg_run_state *run)
{
    const char *const *names = run->info.label_names;
    cJSON *list = names ? cJSON_CreateStringArray(names, (int)run->info.label_count) : NULL;
    char *text = list ? cJSON_PrintUnformatted(list) : NULL;
    cJSON_Delete(list);
    return text;
}

/* Writes a network and a state to resume from; a classifier's network says what it tells, and how
 * often it was right on held-out pictures. */
static sg_status save_pair(sg_run_state *run, sg_error *error)
{
    sg_metadata remarks[2];
    size_t count = 0;
    char accuracy[SG_NUMBER_TEXT_BYTES];
    const sg_moments *held_out = &run->statistics.moments[SG_STATISTIC_ACCURACY_HELD_OUT];
    const bool classifies = sg_trainer_classifies(&run->options.trainer);
    char *names = classifies ? class_names(run) : NULL;
    if (names)
        remarks[count++] = (sg_metadata){"classes", names};
    sg_print_number(accuracy, sg_moments_mean(held_out));
    if (classifies && held_out->count)
        remarks[count++] = (sg_metadata){"accuracy", accuracy};
    char psnr[SG_NUMBER_TEXT_BYTES];
    const sg_moments *nearness = &run->statistics.moments[SG_STATISTIC_PSNR_HELD_OUT];
    sg_print_number(psnr, sg_moments_mean(nearness));
    if (run->options.trainer.encoding.encodes && nearness->count)
        remarks[count++] = (sg_metadata){"psnr", psnr};
    /* With metrics, which snapshots are kept depends on what they come to. */
    const int keep = run->metrics ? 0 : run->options.keep;
    const sg_status status =
        sg_snapshot_save(run->trainer, run->folder, keep, remarks, count, &run->identity, error);
    cJSON_free(names);
    return status;
}

/* Saves the run as it is, and has the snapshot measured. */
static sg_status save(sg_run_state *run, sg_error *error)
{
    SG_TRY(save_pair(run, error));
    return sg_run_metrics_snapshot(run, error);
}

/* Waits for the metrics of the last snapshots; the next request to end leaves them out. */
static sg_status wait_for_metrics(sg_run_state *run, sg_error *error)
{
    static const struct timespec moment = {.tv_nsec = 100000000};
    sg_status status = sg_run_metrics_collect(run, error);
    if (!status && sg_run_metrics_waits(run))
        sg_run_say(run, "Trained; the last metrics are being measured");
    while (!status && sg_run_metrics_waits(run)) {
        if (report(run)) {
            sg_run_say(run, "The last snapshots are not measured");
            return SG_OK;
        }
        nanosleep(&moment, NULL);
        status = sg_run_metrics_collect(run, error);
    }
    return status;
}

/* ---- ticks ---- */

/* Tells whether something is due at this tick that comes every `ticks`. */
static bool is_due(const sg_run_state *run, int ticks)
{
    return ticks > 0 && (run->tick + 1) % ticks == 0;
}

/* Prints what a classifier says in the line of a tick. */
static void print_answers(const sg_run_state *run, char *text, size_t size)
{
    char held_out[64] = "";
    if (run->held_out)
        snprintf(held_out, sizeof held_out, " held out %.4f loss %.3f",
                 tick_mean(run, SG_STATISTIC_ACCURACY_HELD_OUT),
                 tick_mean(run, SG_STATISTIC_LOSS_C_HELD_OUT));
    snprintf(text, size, "loss %.3f accuracy %.4f%s", tick_mean(run, SG_STATISTIC_LOSS_C),
             tick_mean(run, SG_STATISTIC_ACCURACY), held_out);
}

/* Prints how near an encoder's reconstructions come. */
static void print_encoding(const sg_run_state *run, char *text, size_t size)
{
    char held_out[64] = "";
    if (run->held_out)
        snprintf(held_out, sizeof held_out, " held out %.2f",
                 tick_mean(run, SG_STATISTIC_PSNR_HELD_OUT));
    snprintf(text, size, "loss %.4f code %.3f PSNR %.2f%s", tick_mean(run, SG_STATISTIC_LOSS_E),
             tick_mean(run, SG_STATISTIC_CODE), tick_mean(run, SG_STATISTIC_PSNR), held_out);
}

/* Prints the losses of a generator that is moved to another domain, or of a mapper. */
static void print_moving(const sg_run_state *run, char *text, size_t size)
{
    const struct {
        const char *name;
        sg_statistic which;
    } parts[] = {{"direction", SG_STATISTIC_DIRECTIONAL},
                 {"global", SG_STATISTIC_GLOBAL},
                 {"manifold", SG_STATISTIC_MANIFOLD},
                 {"goal", SG_STATISTIC_GOAL},
                 {"l2", SG_STATISTIC_MOVES}};
    int length = snprintf(text, size, "loss %.4f", moving_loss(run));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (run->statistics.moments[parts[i].which].count > 0)
            length += snprintf(text + length, size - (size_t)length, " %s %.4f", parts[i].name,
                               tick_mean(run, parts[i].which));
}

/* Prints the losses of both networks, and of how much augmentation. */
static void print_losses(const sg_run_state *run, char *text, size_t size)
{
    char augmentation[64] = "";
    if (augments(run))
        snprintf(augmentation, sizeof augmentation, " augment %.3f r_t %.2f",
                 sg_trainer_augment_p(run->trainer), tick_mean(run, SG_STATISTIC_SIGNS_REAL));
    snprintf(text, size, "G %.3f D %.3f%s", tick_mean(run, SG_STATISTIC_LOSS_G),
             tick_mean(run, SG_STATISTIC_LOSS_D), augmentation);
}

/* Says the numbers of a tick in one line. */
static void say_tick(sg_run_state *run, const sg_tick *tick)
{
    char growth[64] = "";
    char numbers[160];
    if (tick->grows)
        snprintf(growth, sizeof growth, "lod %-5.2f res %-4d batch %-4d ", tick->lod,
                 tick->resolution, tick->batch);
    (run->options.trainer.encoding.encodes          ? print_encoding
     : !sg_trainer_sees_data(&run->options.trainer) ? print_moving
     : sg_trainer_classifies(&run->options.trainer) ? print_answers
                                                    : print_losses)(run, numbers, sizeof numbers);
    sg_run_say(run, "tick %-5d kimg %-8.1f %stime %.0fs sec/kimg %-7.2f mem %.2fGB %s",
               tick->number, tick->kimg, growth, tick->total_seconds, tick->seconds_per_kimg,
               tick->peak_bytes / (1 << 30), numbers);
}

/* Ends a tick: writes a line of statistics, and a snapshot when one is due. */
static sg_status end_tick(sg_run_state *run, bool last, sg_error *error)
{
    double time = sg_clock_seconds();
    double kimg = sg_run_kimg(run);
    sg_tick tick = {.number = run->tick,
                    .kimg = kimg,
                    .grows = sg_trainer_grows(run->trainer),
                    .lod = sg_trainer_lod(run->trainer),
                    .resolution = run->resolution,
                    .batch = run->batch,
                    .total_seconds = time - run->started,
                    .seconds_per_tick = time - run->tick_started,
                    .peak_bytes = sg_process_peak_bytes(),
                    .timestamp = wall_clock()};
    tick.seconds_per_kimg = tick.seconds_per_tick / fmax(kimg - run->tick_kimg, 1e-9);
    SG_TRY(sg_run_score_held_out(run, error));
    run->held_out_accuracy = tick_mean(run, SG_STATISTIC_ACCURACY_HELD_OUT);
    if (augments(run))
        sg_statistics_add(&run->statistics, SG_STATISTIC_AUGMENT,
                          sg_trainer_augment_p(run->trainer));
    say_tick(run, &tick);
    sg_status status = sg_run_folder_write_tick(run->folder, &tick, &run->statistics, error);
    sg_error curves = {0}; /* a training continues without them */
    if (!status && (sg_event_file_append_tick(run->folder, &curves) ||
                    sg_curves_write(run->folder, run->callbacks.respell, &curves)))
        sg_run_say(run, "Warning: %s", curves.message);
    if (!status && (last || is_due(run, run->options.sheet_ticks > 0 ? run->options.sheet_ticks
                                                                     : run->options.snap)))
        status = sg_run_paint(run, error);
    if (!status && (last || is_due(run, run->options.snap)))
        status = save(run, error);
    warn(run);
    sg_statistics_reset(&run->statistics);
    sg_run_correct_forecast(run, tick.seconds_per_tick, kimg - run->tick_kimg);
    run->tick++;
    run->tick_started = sg_clock_seconds();
    run->tick_kimg = kimg;
    return status;
}

/* Runs one step; after a NaN, returns to the last snapshot if the options ask for it. */
static sg_status step(sg_run_state *run, sg_error *error)
{
    enum { MAX_ROLLBACKS = 10 };
    sg_error failure = {0};
    sg_status status = sg_run_load_batch(run, error);
    if (status || !sg_trainer_step(run->trainer, run->images, run->labels, &run->statistics))
        return status;
    sg_context_take_error(run->context, &failure);
    if (failure.status != SG_ERROR_NUMERIC || !run->options.nan_rollback)
        return sg_fail(error, failure.status, "%s%s", failure.message,
                       failure.status == SG_ERROR_NUMERIC ? "; the last snapshot is whole" : "");
    if (++run->rollbacks > MAX_ROLLBACKS)
        return sg_fail(error, failure.status, "%s, after %d rollbacks; the last snapshot is whole",
                       failure.message, MAX_ROLLBACKS);
    sg_run_say(run, "%s: continuing from the last snapshot with other random numbers.",
               failure.message);
    return sg_run_roll_back(run, error);
}

/* Writes a sheet at the end of a phase of growing. */
static sg_status end_phase(sg_run_state *run, sg_error *error)
{
    const sg_growing_stage next = sg_trainer_stage(run->trainer);
    if (!sg_growing_changes_layers(sg_trainer_lod(run->trainer), next.lod))
        return SG_OK;
    sg_run_say(run, "kimg %.1f: %dx%d %s, batch %d", sg_run_kimg(run), next.resolution,
               next.resolution, next.lod > floor(next.lod) ? "fades in" : "is whole", next.batch);
    return sg_run_paint(run, error);
}

static sg_status train(sg_run_state *run, sg_error *error)
{
    bool stopped = false;
    run->started = run->tick_started = sg_clock_seconds();
    run->start_kimg = sg_run_kimg(run);
    while (sg_trainer_images(run->trainer) < run->total_images && !stopped) {
        SG_TRY(step(run, error));
        SG_TRY(end_phase(run, error));
        SG_TRY(sg_run_metrics_collect(run, error));
        stopped = report(run);
        uint64_t images = sg_trainer_images(run->trainer);
        bool last = stopped || images >= run->total_images;
        if (last || images / run->tick_images > (uint64_t)run->tick)
            SG_TRY(end_tick(run, last, error));
    }
    if (stopped)
        sg_run_say(run, "Stopped at kimg %.1f of %.1f, as asked; everything so far is saved.",
                   sg_run_kimg(run), (double)run->total_images / 1000);
    if (stopped && sg_run_metrics_waits(run))
        sg_run_say(run, "The last snapshots are not measured");
    return stopped ? SG_OK : wait_for_metrics(run, error);
}

sg_status sg_run(sg_context *context, const sg_run_options *options, const sg_given *given,
                 const sg_run_callbacks *callbacks, char *folder, size_t size, sg_error *error)
{
    sg_run_state *run = sg_allocate(1, sizeof *run);
    if (!run)
        return sg_fail_memory(error, "a training run");
    run->context = context;
    run->options = *options;
    run->given = given;
    if (callbacks)
        run->callbacks = *callbacks;
    sg_status status = sg_run_prepare(run, error);
    snprintf(folder, size, "%s", run->folder);
    if (!status && !run->options.dry_run)
        status = train(run, error);
    if (!status && !run->options.dry_run)
        sg_run_say(run, "Done: %s", run->folder);
    sg_run_release(run);
    free(run);
    return status;
}
