/*
 * Metrics of a run's snapshots; see run_metrics.h.
 * Tested by: tests/cli/test_train_metrics.c
 */
#include "train/run/run_metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "train/measure/background.h"
#include "train/measure/metric_log.h"
#include "train/run/event_file.h"
#include "train/run/snapshots.h"

enum { MOST_PENDING = 64, TAG_BYTES = SG_METRIC_KEY_BYTES + 16 };

/* ---- begin ---- */

static void say_note(void *run, const char *sentence)
{
    sg_run_say(run, "Note: %s", sentence);
}

/* Says how long a snapshot's metrics take, and all that are to come. Notes to `watch` what is to be
 * known of their figures. */
static sg_status forecast(sg_run_state *run, const sg_watch *watch, sg_error *error)
{
    char each[SG_DURATION_BYTES];
    char all[SG_DURATION_BYTES];
    double seconds = 0;
    const sg_measured subject = {.name = "the averaged generator",
                                 .generator = sg_trainer_networks_of(run->trainer).average,
                                 .class_index = -1};
    const double ticks = (run->options.kimg - sg_run_kimg(run)) / run->options.tick;
    const double turns =
        ceil(ticks / fmax(run->options.snap, 1) / fmax(run->options.metrics_every, 1));
    SG_TRY(sg_measure_forecast(sg_background_measurer(run->metrics), &subject, watch, &seconds,
                               error));
    sg_run_say(run,
               "Metrics: about %s for each of some %.0f snapshots on a processor of their own, %s "
               "in all, beside the training",
               sg_print_duration(each, seconds), fmax(turns, 1),
               sg_print_duration(all, seconds * fmax(turns, 1)));
    return SG_OK;
}

/* Fails, as the training would, when something is missing that the metrics need. */
static sg_status check_files(const sg_measurer_options *options, sg_error *error)
{
    sg_measurer *measurer = NULL;
    const sg_status status = sg_measurer_create(options, NULL, &measurer, error);
    sg_measurer_destroy(measurer);
    return status;
}

/* ---- what a run that was killed has not measured ---- */

/*
 * Tells whether the snapshot after `images` images is to be measured. Counted by ticks, so that a
 * resumed run measures the same snapshots; one in the middle of a tick is that of a request to end.
 */
static bool is_measured(const sg_run_state *run, uint64_t images)
{
    const sg_trainer_options *trainer = &run->options.trainer;
    const int batch = trainer->growing.initial_resolution == 0
                          ? trainer->batch
                          : sg_growing_at(&trainer->growing, trainer->generator.img_resolution,
                                          (double)images - 1)
                                .batch;
    const uint64_t turn =
        (uint64_t)(fmax(run->options.snap, 1) * fmax(run->options.metrics_every, 1));
    return images >= run->total_images ||
           (images % run->tick_images < (uint64_t)batch && images / run->tick_images % turn == 0);
}

/* Tells whether a metric lacks a snapshot that is neither measured nor older than the first one
 * that is: the metrics may have been asked for in the middle. */
static bool lacks(const sg_run_state *run, const sg_metric_item *item, uint64_t images)
{
    sg_metric_point *points = NULL;
    size_t count = 0;
    sg_metric_log_read(run->folder, item, &points, &count, NULL);
    bool lacking = count == 0 || images > points[0].images;
    for (size_t i = 0; i < count; i++)
        lacking = lacking && points[i].images != images;
    free(points);
    return lacking;
}

static bool is_missed(const sg_run_state *run, uint64_t images)
{
    bool missed = false;
    for (size_t i = 0; i < run->options.metrics.count; i++)
        missed = missed || lacks(run, &run->options.metrics.items[i], images);
    return missed && is_measured(run, images) && images <= sg_trainer_images(run->trainer);
}

/* Has the snapshots measured that were written before a kill and not measured until then. */
static sg_status submit_missed(sg_run_state *run, sg_error *error)
{
    char **paths = NULL;
    size_t count = 0;
    bool measured_before = true;
    for (size_t i = 0; i < run->options.metrics.count; i++)
        measured_before &= sg_metric_log_begin(run->folder, &run->options.metrics.items[i]);
    if (!run->options.resume || !measured_before)
        return SG_OK;
    sg_status status = sg_snapshot_list(run->folder, &paths, &count, error);
    for (size_t i = 0; i < count; i++) {
        const uint64_t images = sg_snapshot_images(paths[i]);
        if (!status && is_missed(run, images))
            status = sg_background_submit(run->metrics, images, paths[i], error);
        free(paths[i]);
    }
    free(paths);
    return status;
}

/* ---- all of the begin ---- */

sg_status sg_run_metrics_begin(sg_run_state *run, sg_error *error)
{
    const sg_run_options *options = &run->options;
    const sg_watch watch = {.user = run, .note = say_note};
    if (options->metrics.count == 0 || !sg_trainer_networks_of(run->trainer).average)
        return SG_OK;
    SG_TRY(sg_feature_list_split(options->features, &run->features, error));
    const sg_background_options background = {.measuring = {.metrics = &options->metrics,
                                                            .data = options->data,
                                                            .mirror = options->mirror,
                                                            .files = run->features.files,
                                                            .file_count = run->features.count,
                                                            .height = run->info.height,
                                                            .width = run->info.width,
                                                            .channels = run->info.channels,
                                                            .seed = options->trainer.seed,
                                                            .psi = 1},
                                              .threads = run->context->threads,
                                              .nice = options->metrics_nice};
    if (options->dry_run)
        return check_files(&background.measuring, error);
    SG_TRY(sg_background_create(&background, &watch, &run->metrics, error));
    SG_TRY(forecast(run, &watch, error));
    return submit_missed(run, error);
}

/* ---- results ---- */

/* Adds the values to TensorBoard's events, at the snapshot's number of images. */
static sg_status write_event(const sg_run_state *run, const sg_background_result *found,
                             sg_error *error)
{
    enum { MOST = SG_MOST_METRICS * SG_METRIC_MOST_VALUES };
    char tags[MOST][TAG_BYTES];
    char key[SG_METRIC_KEY_BYTES];
    sg_scalar scalars[MOST];
    size_t count = 0;
    for (size_t i = 0; i < run->options.metrics.count; i++) {
        const sg_metric_result *result = &found->results[i];
        for (size_t k = 0; k < sg_metric_value_count(sg_metric_of(&result->item)); k++, count++) {
            snprintf(tags[count], TAG_BYTES, "Metrics/%s", sg_metric_key(&result->item, k, key));
            scalars[count] = (sg_scalar){tags[count], (float)result->values[k]};
        }
    }
    const sg_event event = {.wall_time = (double)time(NULL),
                            .step = (int64_t)found->images,
                            .scalars = scalars,
                            .scalar_count = count,
                            .late = true};
    return sg_event_file_append(run->folder, &event, error);
}

/* Names the best snapshot so far; says so when it is the one just measured. */
static sg_status name_best(sg_run_state *run, uint64_t images, sg_error *error)
{
    char name[SG_METRIC_NAME_BYTES];
    char snapshot[SG_SNAPSHOT_NAME_BYTES];
    sg_metric_point best;
    const sg_metric_item *judge = sg_metric_list_judge(&run->options.metrics);
    if (!sg_metric_log_best(run->folder, judge, &best))
        return SG_OK;
    if (best.images == images)
        sg_run_say(run, "Best so far by %s: %s", sg_metric_name(judge, name),
                   sg_snapshot_name(images, snapshot));
    return sg_metric_log_name_best(run->folder, judge, &best, error);
}

/* Says and writes the values of one snapshot. */
static sg_status take(sg_run_state *run, const sg_background_result *found, sg_error *error)
{
    char key[SG_METRIC_KEY_BYTES];
    char path[SG_PATH_BYTES];
    if (found->error.status) {
        sg_run_say(run, "Not measured: %s", found->error.message);
        return SG_OK;
    }
    for (size_t i = 0; i < run->options.metrics.count; i++) {
        const sg_metric_result *result = &found->results[i];
        const sg_metric *metric = sg_metric_of(&result->item);
        for (size_t k = 0; k < sg_metric_value_count(metric); k++)
            sg_run_say(run, "kimg %-8.1f %s %.4f%s%s", (double)found->images / 1000,
                       sg_metric_key(&result->item, k, key), result->values[k],
                       metric->unit[0] ? " " : "", metric->unit);
        SG_TRY(sg_metric_log_append(run->folder, found->images, result, error));
    }
    SG_TRY(write_event(run, found, error));
    SG_TRY(name_best(run, found->images, error));
    sg_run_folder_path(path, run->folder, "metrics.png");
    return sg_metric_log_draw(run->folder, &run->options.metrics, path, error);
}

/* Removes snapshots that are not kept, except the best one and those that wait. */
static void prune(const sg_run_state *run)
{
    uint64_t spared[MOST_PENDING + 1];
    sg_metric_point best;
    size_t count = sg_background_pending(run->metrics, spared, MOST_PENDING);
    if (count > MOST_PENDING) /* those that are not listed must stay, too */
        return;
    if (sg_metric_log_best(run->folder, sg_metric_list_judge(&run->options.metrics), &best))
        spared[count++] = best.images;
    sg_snapshot_prune(run->folder, sg_trainer_images(run->trainer), run->options.keep, spared,
                      count);
}

sg_status sg_run_metrics_snapshot(sg_run_state *run, sg_error *error)
{
    char path[SG_PATH_BYTES];
    char name[SG_SNAPSHOT_NAME_BYTES];
    if (!run->metrics)
        return SG_OK;
    const uint64_t images = sg_trainer_images(run->trainer);
    sg_run_folder_path(path, run->folder, "%s", sg_snapshot_name(images, name));
    if (is_measured(run, images))
        SG_TRY(sg_background_submit(run->metrics, images, path, error));
    prune(run);
    return SG_OK;
}

sg_status sg_run_metrics_collect(sg_run_state *run, sg_error *error)
{
    sg_background_result found;
    sg_status status = SG_OK;
    bool any = false;
    while (run->metrics && !status && sg_background_take(run->metrics, &found)) {
        status = take(run, &found, error);
        any = true;
    }
    if (any && !status)
        prune(run);
    return status;
}

bool sg_run_metrics_waits(const sg_run_state *run)
{
    return run->metrics && sg_background_pending(run->metrics, NULL, 0) > 0;
}
