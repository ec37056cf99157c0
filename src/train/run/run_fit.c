/*
 * What a run of cfg fit has to fit: its pictures, the machine and the time.
 * Tested by: tests/cli/test_train_fit.c
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/machine/memory.h"
#include "base/parallel.h"
#include "data/kinds/open_dataset.h"
#include "data/sources/picture_source.h"
#include "train/forecast/fit.h"
#include "train/options/preset.h"
#include "train/run/run_state.h"
#include "train/run/snapshots.h"

enum {
    MOST_MEASURED = 1000, /* pictures whose headers are read */
    SMALL_SHARE = 20      /* one picture in so many may be smaller than the side */
};

/* Memory that is assumed where the system does not say it. */
static const double unknown_memory = 4e9;

static int compare_sides(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a;
    const size_t y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Sets the size of pictures that are alike, if networks paint it as it is. */
static void set_native(size_t height, size_t width, sg_fit_situation *situation)
{
    sg_picture_base native;
    if (sg_picture_base_find(height, width, &native))
        situation->native = native;
}

/* Describes pictures of any sizes by up to a thousand of them. */
static sg_status measure_source(const sg_picture_source *source, sg_fit_situation *situation,
                                sg_error *error)
{
    const size_t step = source->count / MOST_MEASURED + 1;
    size_t *sides = sg_allocate(source->count / step + 1, sizeof *sides);
    sg_image_shape first = {0};
    size_t count = 0;
    bool alike = true;
    if (!sides)
        return sg_fail_memory(error, "%zu pictures", source->count);
    for (size_t i = 0; i < source->count; i += step) {
        sg_image_shape shape;
        if (sg_picture_source_measure(source, i, &shape, NULL))
            continue;
        first = count == 0 ? shape : first;
        alike = alike && memcmp(&shape, &first, sizeof shape) == 0;
        sides[count++] = shape.width < shape.height ? shape.width : shape.height;
    }
    qsort(sides, count, sizeof *sides, compare_sides);
    situation->pictures = source->count;
    situation->channels = (int)(count > 0 ? first.channels : 3);
    situation->side = (int)(count > 0 ? sides[count / SMALL_SHARE] : SG_SMALLEST_SIDE);
    if (alike && count > 0)
        set_native(first.height, first.width, situation);
    free(sides);
    return SG_OK;
}

/* Describes a data set whose pictures are alike. */
static sg_status measure_set(const char *path, sg_fit_situation *situation, sg_error *error)
{
    sg_dataset *dataset;
    SG_TRY(sg_dataset_open_unlabelled(path, &dataset, error));
    const sg_dataset_info info = sg_dataset_info_of(dataset);
    situation->pictures = info.image_count;
    situation->channels = (int)info.channels;
    situation->side = (int)(info.width < info.height ? info.width : info.height);
    set_native(info.height, info.width, situation);
    sg_dataset_destroy(dataset);
    return SG_OK;
}

static sg_status measure_data(const char *path, sg_fit_situation *situation, sg_error *error)
{
    sg_picture_source *source;
    if (sg_picture_source_open_unlabelled(path, &source, NULL))
        return measure_set(path, situation, error);
    const sg_status status = measure_source(source, situation, error);
    sg_picture_source_destroy(source);
    return status;
}

/* Takes what is not given of the size of the networks that the run starts from, whose weights fit
 * no others. */
static void follow_init(sg_run_state *run)
{
    sg_generator_config config;
    if (!run->options.init || !sg_snapshot_config_of(run->options.init, &config) ||
        config.family != sg_presets[run->options.cfg].family)
        return;
    const struct {
        size_t member;
        int value;
    } sizes[] = {
        {offsetof(sg_run_options, trainer.generator.channel_base), config.channel_base},
        {offsetof(sg_run_options, trainer.generator.channel_max), config.channel_max},
        {offsetof(sg_run_options, trainer.generator.z_dim), config.z_dim},
        {offsetof(sg_run_options, trainer.generator.w_dim), config.w_dim},
        {offsetof(sg_run_options, trainer.generator.mapping.num_layers), config.mapping.num_layers},
        {offsetof(sg_run_options, resolution), config.img_resolution},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (sg_given_at(&sg_training_table, &run->chosen, sizes[i].member))
            continue;
        memcpy((char *)&run->options + sizes[i].member, &sizes[i].value, sizeof sizes[i].value);
        sg_given_set_at(&sg_training_table, &run->chosen, sizes[i].member);
    }
}

/* Says each choice, and hands all options to the callback. */
static void say_choices(const sg_run_state *run)
{
    const sg_run_callbacks *callbacks = &run->callbacks;
    char *line = run->choices.bytes;
    while (callbacks->log && line && *line) {
        char *end = strchr(line, '\n');
        *end = '\0';
        callbacks->log(callbacks->user, line);
        *end = '\n';
        line = end + 1;
    }
    if (callbacks->chosen)
        callbacks->chosen(callbacks->user, &run->options, &run->chosen);
}

static void describe(const sg_fit_situation *situation, int threads, double hours, sg_text *text)
{
    char duration[SG_DURATION_BYTES];
    sg_text_append(text,
                   "Fit: %zu picture%s, nearly all of %d pixels or more on a side; %d thread%s and "
                   "%.1f GB of memory; %s of time:\n",
                   situation->pictures, situation->pictures == 1 ? "" : "s", situation->side,
                   threads, threads == 1 ? "" : "s", situation->memory_bytes * 1e-9,
                   sg_print_duration(duration, hours * 3600));
}

sg_status sg_run_fit(sg_run_state *run, sg_error *error)
{
    sg_fit_situation situation = {0};
    if (!run->given || !sg_presets[run->options.cfg].fits)
        return SG_OK;
    const double hours =
        SG_TRAINING_GIVEN(run->given, hours) ? run->options.hours : sg_run_options_default().hours;
    SG_TRY(measure_data(run->options.data, &situation, error));
    run->chosen = *run->given;
    if (SG_TRAINING_GIVEN(run->given, epochs)) {
        run->options.kimg = run->options.epochs * (double)situation.pictures / 1000;
        sg_given_set_at(&sg_training_table, &run->chosen, offsetof(sg_run_options, kimg));
    }
    situation.seconds = hours * 3600;
    situation.memory_bytes = sg_available_bytes();
    if (situation.memory_bytes <= 0)
        situation.memory_bytes = unknown_memory;
    if (!SG_TRAINING_GIVEN(&run->chosen, kimg))
        run->seconds = situation.seconds;
    describe(&situation, sg_thread_count(), hours, &run->choices);
    follow_init(run);
    run->times = sg_work_times_create(run->context->threads, 0);
    if (!run->times)
        return sg_fail_memory(error, "a forecast");
    const sg_status status =
        sg_fit_choose(&situation, run->times, &run->options, &run->chosen, &run->choices, error);
    run->given = &run->chosen;
    if (!status)
        say_choices(run);
    return status;
}
