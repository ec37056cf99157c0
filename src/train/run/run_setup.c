/* Putting a training run together, new or resumed. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/allocate.h"
#include "data/kinds/open_dataset.h"
#include "data/kinds/reduced_dataset.h"
#include "image/image.h"
#include "models/config_rules.h"
#include "train/options/batch_check.h"
#include "train/options/loss_options.h"
#include "train/options/preset.h"
#include "train/run/forecast.h"
#include "train/run/run_job.h"
#include "train/run/snapshots.h"
#include "train/step/guards.h"

double sg_run_job_kimg(const sg_run_job *r)
{
    return (double)sg_trainer_images(r->trainer) / 1000;
}

void sg_run_job_say(sg_run_job *r, const char *format, ...)
{
    char line[SG_PATH_BYTES + 1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (r->folder[0])
        sg_run_folder_append(r->folder, "log.txt", line, NULL);
    if (r->callbacks.log)
        r->callbacks.log(r->callbacks.user, line);
}

sg_status sg_run_job_paint(sg_run_job *r, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, r->folder, "fakes-%09llu.png",
                       (unsigned long long)sg_trainer_images(r->trainer));
    return sg_sheet_write_fakes(&r->sheet, sg_trainer_average(r->trainer), r->options.trainer.seed,
                                path, error);
}

static bool is_network_size(size_t size)
{
    return size >= 8 && size <= 1024 && (size & (size - 1)) == 0;
}

/* Fits the networks to the data set. */
static sg_status adopt_data(sg_run_job *r, sg_error *error)
{
    sg_status status = sg_dataset_open(r->options.data, &r->dataset, error);
    if (status)
        return status;
    r->info = sg_dataset_info_of(r->dataset);
    if (r->info.height != r->info.width || !is_network_size(r->info.width))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s holds images of %zux%zu pixels, a network takes squares of 8, 16, 32, "
                       "... 1024; `stylegan dataset --resolution` converts it",
                       r->options.data, r->info.width, r->info.height);
    if (r->options.conditional && r->info.label_count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--cond asks for labels, but %s has none: no label file lies beside it",
                       r->options.data);
    sg_trainer_options *t = &r->options.trainer;
    if (r->options.conditional && sg_labels_check(t, error))
        return SG_ERROR_ARGUMENT;
    int classes = r->options.conditional ? (int)r->info.label_count : 0;
    t->generator.img_resolution = t->discriminator.img_resolution = (int)r->info.width;
    t->generator.img_channels = t->discriminator.img_channels = (int)r->info.channels;
    t->generator.c_dim = t->discriminator.c_dim = classes;
    sg_generator_config_set_w(&t->generator);
    if (t->growing.initial_resolution > (int)r->info.width)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--initial-resolution is %d, but the images of %s have %zu pixels a side",
                       t->growing.initial_resolution, r->options.data, r->info.width);
    const sg_preset *preset = sg_preset_find(r->options.cfg);
    if (!r->options.resume)
        sg_preset_fit(preset ? preset : sg_presets, t, (int)r->info.width);
    status = sg_batch_check(t, (int)r->info.width, error);
    if (!status)
        status = sg_loss_check(t, error);
    if (status)
        return status;
    r->sheet = sg_sheet_for((int)r->info.height, (int)r->info.width, classes);
    return SG_OK;
}

/* How often each class occurs, [label_count]; the caller frees. */
static sg_status count_labels(const sg_run_job *r, uint64_t **counts, sg_error *error)
{
    uint8_t *pixels = sg_allocate(r->info.height * r->info.width, r->info.channels);
    *counts = sg_allocate(r->info.label_count + 1, sizeof **counts);
    sg_status status = SG_OK;
    if (!pixels || !*counts)
        status = sg_fail_memory(error, "labels");
    for (size_t i = 0; i < r->info.image_count && !status; i++) {
        int label = -1;
        status = sg_dataset_read(r->dataset, i, pixels, &label, error);
        if (label >= 0)
            (*counts)[label]++;
    }
    free(pixels);
    return status;
}

static sg_status create_trainer(sg_run_job *r, sg_error *error)
{
    uint64_t *counts = NULL;
    sg_status status = r->options.conditional ? count_labels(r, &counts, error) : SG_OK;
    if (!status) {
        r->trainer = sg_trainer_create(r->context, &r->options.trainer, counts);
        status = sg_context_take_error(r->context, error);
    }
    free(counts);
    return status;
}

/* The pictures of the resolution that the next step trains with, in batches of its size. */
static sg_status open_loader(sg_run_job *r, sg_error *error)
{
    const sg_growing_stage stage = sg_trainer_stage(r->trainer);
    size_t batch = (size_t)stage.batch;
    size_t side = (size_t)stage.resolution;
    sg_loader_options options;
    sg_loader_options_init(&options);
    options.batch_size = batch;
    options.seed = r->options.trainer.seed ^ sg_trainer_counters_of(r->trainer).random_round << 48;
    options.mirror = r->options.mirror;
    options.position = sg_trainer_images(r->trainer);
    r->images = sg_allocate(batch * side * side, r->info.channels * sizeof(float));
    r->labels = sg_allocate(batch, (r->info.label_count + 1) * sizeof(float));
    if (!r->images || !r->labels)
        return sg_fail_memory(error, "a batch of %zu images", batch);
    sg_status status = SG_OK;
    if (side < r->info.width)
        status = sg_dataset_reduce(r->dataset, r->info.width / side, &r->reduced, error);
    return status ? status
                  : sg_loader_create(r->reduced ? r->reduced : r->dataset, &options, &r->loader,
                                     error);
}

static void close_loader(sg_run_job *r)
{
    sg_loader_destroy(r->loader);
    sg_dataset_destroy(r->reduced);
    free(r->images);
    free(r->labels);
    r->loader = NULL;
    r->reduced = NULL;
    r->images = r->labels = NULL;
}

sg_status sg_run_job_load(sg_run_job *r, sg_error *error)
{
    const sg_growing_stage stage = sg_trainer_stage(r->trainer);
    if (!r->loader || stage.batch != r->batch || stage.resolution != r->resolution) {
        close_loader(r);
        r->batch = stage.batch;
        r->resolution = stage.resolution;
        sg_status status = open_loader(r, error);
        if (status)
            return status;
    }
    return sg_loader_next(r->loader, r->images, r->labels, error);
}

static sg_status create_folder(sg_run_job *r, sg_error *error)
{
    char description[512];
    const sg_trainer_options *t = &r->options.trainer;
    const bool usual = t->loss == SG_LOSS_LOGISTIC;
    const int first = sg_trainer_stage(r->trainer).batch;
    char batch[32];
    snprintf(batch, sizeof batch, "%d", first);
    if (first != t->batch)
        snprintf(batch, sizeof batch, "%dto%d", first, t->batch);
    snprintf(description, sizeof description, "%s-%s%s-batch%s-gamma%g%s%s", r->options.cfg,
             r->info.name, r->options.conditional ? "-cond" : "", batch, t->gamma, usual ? "" : "-",
             usual ? "" : sg_adversarial_loss_of(t->loss)->name);
    sg_status status = sg_run_folder_create(r->options.outdir, description, r->folder, error);
    if (!status)
        status = sg_run_folder_write_options(r->folder, &r->options, error);
    return status;
}

static void say_line(void *user, const char *line)
{
    sg_run_job_say(user, "%s", line);
}

/* The options that a resumed run was started with; its length and the like may be given anew. */
static sg_status adopt_saved_options(sg_run_job *r, sg_error *error)
{
    sg_run_options given = r->options;
    sg_status status = sg_run_folder_read_options(given.resume, &r->saved, error);
    if (status)
        return status;
    r->options = r->saved.options;
    r->options.resume = given.resume;
    r->options.nan_rollback = given.nan_rollback;
    r->options.dry_run = given.dry_run;
    if (given.data)
        r->options.data = given.data;
    if (given.kimg > 0)
        r->options.kimg = given.kimg;
    if (given.tick > 0)
        r->options.tick = given.tick;
    if (given.snap > 0)
        r->options.snap = given.snap;
    snprintf(r->folder, sizeof r->folder, "%s", given.resume);
    return SG_OK;
}

/* Weights from another network's file, when asked for. */
static sg_status adopt_weights(sg_run_job *r, sg_error *error)
{
    size_t taken;
    size_t wanted;
    if (!r->options.init)
        return SG_OK;
    /* The file's level of detail is not where this training stands. */
    const sg_trainer_counters counters = sg_trainer_counters_of(r->trainer);
    sg_status status = sg_snapshot_init(r->trainer, r->options.init, &taken, &wanted, error);
    sg_trainer_set_counters(r->trainer, &counters);
    if (!status)
        sg_run_job_say(r, "Took %zu of %zu tensors from %s", taken, wanted, r->options.init);
    return status;
}

/* Says so when the run ends before networks that grow have reached the full picture. */
static void warn_of_early_end(sg_run_job *r)
{
    const sg_growing_schedule *growing = &r->options.trainer.growing;
    const int full = r->options.trainer.generator.img_resolution;
    const double needed = sg_growing_kimg(growing, full);
    if (growing->initial_resolution == 0 || r->options.kimg >= needed)
        return;
    const int reached = sg_growing_at(growing, full, r->options.kimg * 1000).resolution;
    sg_run_job_say(r,
                   "Warning: at kimg %g the networks paint %dx%d pixels; the full picture of %dx%d "
                   "is there at kimg %g, or sooner with a smaller --grow-kimg.",
                   r->options.kimg, reached, reached, full, full, needed);
}

static void describe(sg_run_job *r)
{
    const sg_trainer_options *t = &r->options.trainer;
    if (r->folder[0])
        sg_run_job_say(r, "Run folder: %s", r->folder);
    sg_run_job_say(r, "Data: %s, %zu images of %zux%zu with %zu channels, %zu classes",
                   r->options.data, r->info.image_count, r->info.width, r->info.height,
                   r->info.channels, r->info.label_count);
    if (r->info.label_count && !r->options.conditional && !sg_labels_check(t, NULL))
        sg_run_job_say(r, "Warning: the data has labels, but --cond is not set, so the network "
                          "will not know the classes.");
    sg_run_job_say(r, "Networks: G %lld parameters, D %lld parameters",
                   (long long)sg_parameter_set_count_values(
                       sg_generator_parameters(sg_trainer_generator(r->trainer))),
                   (long long)sg_parameter_set_count_values(
                       sg_discriminator_parameters(sg_trainer_discriminator(r->trainer))));
    warn_of_early_end(r);
}

/* Says what the training will take, from a short measurement. */
static sg_status foretell(sg_run_job *r, sg_error *error)
{
    char end[64] = "";
    sg_forecast forecast;
    sg_status status = sg_forecast_make(r->context, &r->options.trainer, sg_run_job_kimg(r),
                                        r->options.kimg, &forecast, error);
    if (status)
        return status;
    double seconds = forecast.seconds;
    time_t when = time(NULL) + (time_t)fmin(seconds, 1e12);
    struct tm local;
    if (localtime_r(&when, &local))
        strftime(end, sizeof end, "%Y-%m-%d %H:%M", &local);
    sg_run_job_say(r,
                   "Forecast: %.2f seconds per kimg, %.0f MB of memory, the end at kimg %g in %.0f "
                   "minutes, about %s",
                   forecast.seconds_per_kimg, forecast.peak_bytes * 1e-6, r->options.kimg,
                   seconds / 60, end);
    return SG_OK;
}

/* How much real pictures differ, from some of them. */
static sg_status measure_reals(sg_run_job *r, sg_error *error)
{
    enum { SAMPLES = 64 };
    size_t values = r->info.height * r->info.width * r->info.channels;
    size_t count = r->info.image_count < SAMPLES ? r->info.image_count : SAMPLES;
    uint8_t *pixels = sg_allocate(values, 1);
    float *pictures = sg_allocate(count, values * sizeof *pictures);
    sg_status status = SG_OK;
    if (!pixels || !pictures)
        status = sg_fail_memory(error, "%zu pictures", count);
    for (size_t i = 0; i < count && !status; i++) {
        status =
            sg_dataset_read(r->dataset, i * (r->info.image_count / count), pixels, NULL, error);
        sg_image_level_values(pixels, values, pictures + i * values);
    }
    if (!status)
        r->real_spread = sg_picture_spread(pictures, (int64_t)count, (int64_t)values);
    free(pixels);
    free(pictures);
    return status;
}

/* Weights that are trained already need no gentle start. */
static void prepare_transfer(sg_run_options *options)
{
    if (!options->init)
        return;
    options->trainer.ema_rampup = 0;
    options->trainer.blur_init_sigma = 0;
}

/* A sheet of real pictures at a lower resolution. */
static sg_status paint_level(sg_run_job *r, int side, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_dataset *reduced = NULL;
    sg_status status = sg_dataset_reduce(r->dataset, r->info.width / (size_t)side, &reduced, error);
    sg_run_folder_path(path, r->folder, "reals-%dx%d.png", side, side);
    if (!status)
        status = sg_sheet_write_reals(&r->sheet, reduced, path, error);
    sg_dataset_destroy(reduced);
    return status;
}

/* Sheets of real pictures, also of each resolution that is trained on before the full one. */
static sg_status paint_reals(sg_run_job *r, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_run_folder_path(path, r->folder, "reals.png");
    sg_status status = sg_sheet_write_reals(&r->sheet, r->dataset, path, error);
    int full = (int)r->info.width;
    for (int side = sg_trainer_stage(r->trainer).resolution; side < full && !status; side *= 2)
        status = paint_level(r, side, error);
    return status;
}

static sg_status prepare_new(sg_run_job *r, sg_error *error)
{
    prepare_transfer(&r->options);
    sg_status status = adopt_data(r, error);
    if (!status)
        status = create_trainer(r, error);
    if (!status)
        status = adopt_weights(r, error);
    if (!status && !r->options.dry_run)
        status = create_folder(r, error);
    if (status)
        return status;
    describe(r);
    status = foretell(r, error);
    if (status || r->options.dry_run)
        return status;
    status = paint_reals(r, error);
    return status ? status : sg_run_job_paint(r, error);
}

static sg_status prepare_resumed(sg_run_job *r, sg_error *error)
{
    sg_status status = adopt_saved_options(r, error);
    if (!status)
        status = adopt_data(r, error);
    if (!status)
        status = create_trainer(r, error);
    if (!status)
        status = sg_snapshot_load(r->trainer, r->folder, say_line, r, error);
    if (status)
        return status;
    describe(r);
    sg_run_job_say(r, "Resumed at kimg %.3f", sg_run_job_kimg(r));
    return foretell(r, error);
}

/* A number of images, at least `least`; rounded, since 1.001 * 1000 is a little less than 1001. */
static uint64_t images_of(double kimg, uint64_t least)
{
    uint64_t images = (uint64_t)round(fmin(kimg * 1000, 1e15));
    return images > least ? images : least;
}

sg_status sg_run_job_prepare(sg_run_job *r, sg_error *error)
{
    sg_status status = r->options.resume ? prepare_resumed(r, error) : prepare_new(r, error);
    if (status)
        return status;
    const sg_trainer_options *t = &r->options.trainer;
    uint64_t batch = (uint64_t)t->batch;
    r->total_images = images_of(r->options.kimg, 1);
    if (t->growing.initial_resolution > 0)
        batch = (uint64_t)sg_growing_largest_batch(&t->growing, t->generator.img_resolution);
    else
        r->total_images = (r->total_images + batch - 1) / batch * batch;
    r->tick_images = images_of(r->options.tick, batch);
    r->tick = (int)(sg_trainer_images(r->trainer) / r->tick_images);
    r->tick_kimg = sg_run_job_kimg(r);
    return measure_reals(r, error);
}

/* A trainer as it was before its first step. */
static sg_status start_over(sg_run_job *r, sg_error *error)
{
    sg_trainer_destroy(r->trainer);
    sg_status status = create_trainer(r, error);
    return status ? status : adopt_weights(r, error);
}

sg_status sg_run_job_roll_back(sg_run_job *r, sg_error *error)
{
    uint64_t round = sg_trainer_counters_of(r->trainer).random_round;
    sg_status status = SG_OK;
    if (sg_snapshot_load(r->trainer, r->folder, say_line, r, NULL))
        status = start_over(r, error);
    if (status)
        return status;
    sg_trainer_counters counters = sg_trainer_counters_of(r->trainer);
    counters.random_round = round + 1;
    sg_trainer_set_counters(r->trainer, &counters);
    close_loader(r);
    r->tick = (int)(sg_trainer_images(r->trainer) / r->tick_images);
    r->tick_kimg = sg_run_job_kimg(r);
    sg_statistics_reset(&r->statistics);
    return SG_OK;
}

void sg_run_job_release(sg_run_job *r)
{
    close_loader(r);
    sg_dataset_destroy(r->dataset);
    sg_trainer_destroy(r->trainer);
}
