/* The training loop around the steps: data, ticks, sheets, snapshots. */
#include "train/run.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/allocate.h"
#include "checkpoint/network_file.h"
#include "data/loader.h"
#include "train/run_folder.h"
#include "train/sheets.h"

typedef struct run {
    sg_context *context;
    sg_run_options options;
    sg_run_callbacks callbacks;
    char *folder; /* SG_PATH_BYTES */
    sg_dataset *dataset;
    sg_dataset_info info;
    sg_loader *loader;
    sg_trainer *trainer;
    sg_sheet sheet;
    sg_statistics statistics;
    float *images, *labels;
    uint64_t total_images;
    int tick;
    double started, tick_started, tick_kimg;
} run;

sg_run_options sg_run_options_default(void)
{
    return (sg_run_options){.cfg = "stylegan2",
                            .trainer = sg_trainer_options_default(),
                            .kimg = 25000,
                            .tick = 4,
                            .snap = 50};
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static long long wall_clock(void)
{
    return (long long)time(NULL);
}

/* The most memory that this process has used, bytes. */
static double peak_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024.0 * (double)usage.ru_maxrss : 0;
}

static double kimg_of(const run *r)
{
    return (double)sg_trainer_images(r->trainer) / 1000;
}

/* A line for people and for log.txt; a log that cannot be written must not end a training. */
static void say(run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(run *r, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (r->folder[0])
        sg_run_folder_append(r->folder, "log.txt", line, NULL);
    if (r->callbacks.log)
        r->callbacks.log(r->callbacks.user, line);
}

static bool is_network_size(size_t size)
{
    return size >= 8 && size <= 1024 && (size & (size - 1)) == 0;
}

/* The published rule of thumb, which is far too small below 256 pixels, with a floor there. */
static double default_gamma(double pixels, double batch)
{
    return fmax(1, 0.0002 * pixels / batch);
}

/* Fits the networks to the data set. */
static sg_status adopt_data(run *r, sg_error *error)
{
    sg_status status = sg_dataset_open(r->options.data, &r->dataset, error);
    if (status)
        return status;
    r->info = sg_dataset_info_of(r->dataset);
    if (r->info.height != r->info.width || !is_network_size(r->info.width))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "%s holds images of %zux%zu pixels, a network takes squares of 8, 16, 32, "
                       "... 1024; convert the set with --resolution first",
                       r->options.data, r->info.width, r->info.height);
    if (r->options.conditional && r->info.label_count == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "--cond asks for labels, but %s has none: no label file lies beside it",
                       r->options.data);
    sg_trainer_options *t = &r->options.trainer;
    int classes = r->options.conditional ? (int)r->info.label_count : 0;
    t->generator.img_resolution = t->discriminator.img_resolution = (int)r->info.width;
    t->generator.img_channels = t->discriminator.img_channels = (int)r->info.channels;
    t->generator.c_dim = t->discriminator.c_dim = classes;
    if (t->gamma < 0)
        t->gamma = default_gamma((double)(r->info.width * r->info.height), t->batch);
    r->sheet = sg_sheet_for((int)r->info.height, (int)r->info.width, classes);
    return SG_OK;
}

/* How often each class occurs, [label_count]; the caller frees. */
static sg_status count_labels(const run *r, uint64_t **counts, sg_error *error)
{
    uint8_t *pixels = sg_allocate(r->info.height * r->info.width, r->info.channels);
    *counts = sg_allocate(r->info.label_count + 1, sizeof **counts);
    sg_status status = SG_OK;
    if (!pixels || !*counts)
        status = sg_fail(error, SG_ERROR_MEMORY, "out of memory for labels");
    for (size_t i = 0; i < r->info.image_count && !status; i++) {
        int label = -1;
        status = sg_dataset_read(r->dataset, i, pixels, &label, error);
        if (label >= 0)
            (*counts)[label]++;
    }
    free(pixels);
    return status;
}

static sg_status create_trainer(run *r, sg_error *error)
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

static sg_status create_loader(run *r, sg_error *error)
{
    size_t batch = (size_t)r->options.trainer.batch;
    sg_loader_options options;
    sg_loader_options_init(&options);
    options.batch_size = batch;
    options.seed = r->options.trainer.seed;
    options.mirror = r->options.mirror;
    r->images =
        sg_allocate(batch * r->info.height * r->info.width, r->info.channels * sizeof(float));
    r->labels = sg_allocate(batch, (r->info.label_count + 1) * sizeof(float));
    if (!r->images || !r->labels)
        return sg_fail(error, SG_ERROR_MEMORY, "out of memory for a batch of %zu images", batch);
    return sg_loader_create(r->dataset, &options, &r->loader, error);
}

static sg_status create_folder(run *r, sg_error *error)
{
    char description[512];
    const sg_trainer_options *t = &r->options.trainer;
    snprintf(description, sizeof description, "%s-%s%s-batch%d-gamma%g", r->options.cfg,
             r->info.name, r->options.conditional ? "-cond" : "", t->batch, t->gamma);
    sg_status status = sg_run_folder_create(r->options.outdir, description, r->folder, error);
    if (!status)
        status = sg_run_folder_write_options(r->folder, &r->options, error);
    return status;
}

/* Sheet of fakes, and the three networks. */
static sg_status save_snapshot(run *r, bool with_networks, sg_error *error)
{
    char path[SG_PATH_BYTES];
    unsigned long long images = sg_trainer_images(r->trainer);
    sg_generator *average = sg_trainer_average(r->trainer);
    sg_run_folder_path(path, r->folder, "fakes-%09llu.png", images);
    sg_status status =
        sg_sheet_write_fakes(&r->sheet, average, r->options.trainer.seed, path, error);
    if (status || !with_networks)
        return status;
    sg_network_parts parts = {sg_trainer_generator(r->trainer),
                              sg_trainer_discriminator(r->trainer), average};
    sg_run_folder_path(path, r->folder, "network-snapshot-%09llu.safetensors", images);
    return sg_network_save(path, &parts, NULL, 0, error);
}

static double mean_of(const run *r, sg_statistic statistic)
{
    return sg_moments_mean(&r->statistics.moments[statistic]);
}

/* Ends a tick: a line of statistics, and a snapshot when one is due. */
static sg_status end_tick(run *r, bool last, sg_error *error)
{
    double time = now();
    double kimg = kimg_of(r);
    sg_tick tick = {.number = r->tick,
                    .kimg = kimg,
                    .total_seconds = time - r->started,
                    .seconds_per_tick = time - r->tick_started,
                    .peak_bytes = peak_bytes(),
                    .timestamp = (double)wall_clock()};
    tick.seconds_per_kimg = tick.seconds_per_tick / fmax(kimg - r->tick_kimg, 1e-9);
    say(r, "tick %-5d kimg %-8.1f time %.0fs sec/kimg %-7.2f mem %.2fGB G %.3f D %.3f", tick.number,
        kimg, tick.total_seconds, tick.seconds_per_kimg, tick.peak_bytes / (1 << 30),
        mean_of(r, SG_STATISTIC_LOSS_G), mean_of(r, SG_STATISTIC_LOSS_D));
    sg_status status = sg_run_folder_write_tick(r->folder, &tick, &r->statistics, error);
    bool due = last || (r->options.snap > 0 && (r->tick + 1) % r->options.snap == 0);
    if (!status && due)
        status = save_snapshot(r, true, error);
    sg_statistics_reset(&r->statistics);
    r->tick++;
    r->tick_started = now();
    r->tick_kimg = kimg;
    return status;
}

/* Tells the callback how far the run is; true when it asks to end. */
static bool report(const run *r)
{
    double kimg = kimg_of(r);
    sg_run_progress progress = {.kimg = kimg,
                                .total_kimg = (double)r->total_images / 1000,
                                .loss_g = mean_of(r, SG_STATISTIC_LOSS_G),
                                .loss_d = mean_of(r, SG_STATISTIC_LOSS_D),
                                .seconds_per_kimg =
                                    (now() - r->tick_started) / fmax(kimg - r->tick_kimg, 1e-9)};
    return r->callbacks.step && r->callbacks.step(r->callbacks.user, &progress);
}

static sg_status train(run *r, sg_error *error)
{
    bool stopped = false;
    r->started = r->tick_started = now();
    while (sg_trainer_images(r->trainer) < r->total_images && !stopped) {
        sg_status status = sg_loader_next(r->loader, r->images, r->labels, error);
        if (status)
            return status;
        if (sg_trainer_step(r->trainer, r->images, r->labels, &r->statistics))
            return sg_context_take_error(r->context, error);
        stopped = report(r);
        bool last = stopped || sg_trainer_images(r->trainer) >= r->total_images;
        if (last || kimg_of(r) - r->tick_kimg >= r->options.tick)
            status = end_tick(r, last, error);
        if (status)
            return status;
    }
    if (stopped)
        say(r, "Stopped at kimg %.1f of %.1f, as asked; everything so far is saved.", kimg_of(r),
            (double)r->total_images / 1000);
    return SG_OK;
}

/* Everything before the first step. */
static sg_status prepare(run *r, sg_error *error)
{
    char path[SG_PATH_BYTES];
    sg_status status = adopt_data(r, error);
    if (!status)
        status = create_trainer(r, error);
    if (!status)
        status = create_loader(r, error);
    if (!status)
        status = create_folder(r, error);
    if (status)
        return status;
    say(r, "Run folder: %s", r->folder);
    say(r, "Data: %s, %zu images of %zux%zu with %zu channels, %zu classes%s", r->options.data,
        r->info.image_count, r->info.width, r->info.height, r->info.channels, r->info.label_count,
        r->info.label_count && !r->options.conditional ? " (not used: --cond is not set)" : "");
    say(r, "Networks: G %lld parameters, D %lld parameters",
        (long long)sg_parameter_set_count_values(
            sg_generator_parameters(sg_trainer_generator(r->trainer))),
        (long long)sg_parameter_set_count_values(
            sg_discriminator_parameters(sg_trainer_discriminator(r->trainer))));
    sg_run_folder_path(path, r->folder, "reals.png");
    status = sg_sheet_write_reals(&r->sheet, r->dataset, path, error);
    return status ? status : save_snapshot(r, false, error);
}

static void release(run *r)
{
    sg_loader_destroy(r->loader);
    sg_dataset_destroy(r->dataset);
    sg_trainer_destroy(r->trainer);
    free(r->images);
    free(r->labels);
}

sg_status sg_run(sg_context *context, const sg_run_options *options,
                 const sg_run_callbacks *callbacks, char *folder, size_t size, sg_error *error)
{
    char path[SG_PATH_BYTES] = "";
    run r = {.context = context, .options = *options, .folder = path};
    if (callbacks)
        r.callbacks = *callbacks;
    double batch = options->trainer.batch;
    r.total_images = (uint64_t)(ceil(options->kimg * 1000 / batch) * batch);
    sg_status status = prepare(&r, error);
    snprintf(folder, size, "%s", path);
    if (!status)
        status = train(&r, error);
    if (!status)
        say(&r, "Done: %s", path);
    release(&r);
    return status;
}
