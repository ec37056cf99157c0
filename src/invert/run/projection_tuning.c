/*
 * Pivotal tuning of the generator for targets with their w. The tuned network is a file; in memory
 * the original one is put back, for the next target. Tested by: tests/cli/test_project.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "checkpoint/network/network_writer.h"
#include "invert/run/projection_film.h"
#include "invert/run/projection_state.h"

enum { FRAME_STEPS = 5 /* from one frame of the film to the next */ };

typedef struct tuning {
    sg_projection *projection;
    sg_projection_search *searches;
    size_t count;
    sg_tuner *tuner;
    sg_tuning_report last;
    int steps; /* taken */
} tuning;

/* ---- the original network ---- */

static void free_values(float **values, size_t count)
{
    for (size_t i = 0; values && i < count; i++)
        free(values[i]);
    free(values);
}

/* Copies the values of all parameters to the heap; NULL on lack of memory. */
static float **copy_parameters(const sg_parameter_set *set)
{
    float **values = sg_allocate(set->count, sizeof *values);
    bool complete = values;
    for (size_t i = 0; i < set->count && complete; i++) {
        const size_t size = (size_t)sg_tensor_count(set->items[i].tensor);
        values[i] = sg_allocate(size, sizeof *values[i]);
        complete = values[i];
        if (complete)
            memcpy(values[i], sg_f32(set->items[i].tensor), size * sizeof *values[i]);
    }
    if (complete)
        return values;
    free_values(values, set->count);
    return NULL;
}

static void restore_parameters(const sg_parameter_set *set, float *const *values)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_tensor *tensor = set->items[i].tensor;
        memcpy(sg_f32(tensor), values[i], (size_t)sg_tensor_count(tensor) * sizeof **values);
        sg_tensor_touch(tensor);
    }
}

/* ---- pictures ---- */

/* Makes the picture of a target's w in *image, which the caller destroys. */
static sg_status paint(const tuning *all, size_t target, sg_image **image, sg_error *error)
{
    sg_context *context = all->projection->networks.network.context;
    *image = NULL;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *picture = sg_tuner_picture(all->tuner, target);
    const sg_status status = sg_projection_image(all->projection, picture, image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

/* Shows the picture so far, in the film and in current.png. */
static sg_status after_step(void *user, sg_tuner *tuner, const sg_tuning_report *report,
                            sg_error *error)
{
    tuning *all = user;
    sg_projection_search *search = &all->searches[report->target];
    (void)tuner;
    const bool due = sg_projection_is_due(search);
    const bool framed = search->film && report->step / (int)all->count % FRAME_STEPS == 0;
    sg_image *picture = NULL;
    all->last = *report;
    all->steps = report->step + 1;
    search->tuning_loss = report->loss;
    search->tuning_steps += !report->enough;
    if (!due && !framed)
        return SG_OK;
    SG_TRY(paint(all, report->target, &picture, error));
    sg_status status = SG_OK;
    if (framed)
        status = sg_projection_film_add(search->film, search->target->picture, picture, error);
    if (!status && due)
        status = sg_projection_show(search, picture, error);
    sg_image_destroy(picture);
    return status;
}

/* Puts the tuned picture and its scores in the place of those before. */
static sg_status take_result(const tuning *all, size_t target, sg_error *error)
{
    sg_projection_search *search = &all->searches[target];
    search->untuned = search->picture;
    search->untuned_scores = search->scores;
    SG_TRY(paint(all, target, &search->picture, error));
    SG_TRY(sg_picture_scores_compute(search->target->picture, search->picture,
                                     search->target->weights, all->projection->networks.scorer,
                                     &search->scores, error));
    SG_TRY(sg_projection_film_add(search->film, search->target->picture, search->picture, error));
    return sg_projection_add_stage(search, "tuned", search->picture, error);
}

/* ---- tuning ---- */

static sg_status create(tuning *all, sg_error *error)
{
    const sg_projection_options *given = &all->projection->request.options;
    const sg_invert_networks networks = sg_projection_networks_of(&all->projection->networks);
    sg_tuning_options options = given->tuning;
    sg_tuning_target *targets = sg_allocate(all->count, sizeof *targets);
    if (!targets)
        return sg_fail_memory(error, "the targets of tuning");
    options.steps = given->tune;
    options.seed = given->projector.seed;
    options.class_index = all->searches[0].class_index;
    options.frozen = all->projection->frozen;
    options.frozen_count = all->projection->frozen_count;
    for (size_t i = 0; i < all->count; i++) {
        const sg_image *picture = all->searches[i].target->picture;
        targets[i] = (sg_tuning_target){.picture = {.count = 1,
                                                    .height = picture->height,
                                                    .width = picture->width,
                                                    .channels = picture->channels,
                                                    .bytes = picture->pixels},
                                        .mask = all->searches[i].target->weights,
                                        .ws = all->searches[i].ws};
    }
    const sg_status status =
        sg_tuner_create(&networks, &options, targets, all->count, &all->tuner, error);
    free(targets);
    return status;
}

static sg_status write_network(const tuning *all, const char *folder, sg_error *error)
{
    const sg_projection *projection = all->projection;
    const sg_network_parts parts = {.generator_ema = projection->networks.network.generator};
    char steps[32];
    const sg_metadata metadata[] = {
        {"tuned_from", sg_picture_network_name(&projection->networks.network)},
        {"tuning_steps", steps}};
    char *path = sg_path_join(folder, "tuned.safetensors");
    snprintf(steps, sizeof steps, "%d", all->steps);
    const sg_status status =
        path ? sg_network_save(path, &parts, metadata, sizeof metadata / sizeof *metadata, error)
             : sg_fail_memory(error, "the path of the tuned network");
    free(path);
    return status;
}

static sg_status tune(tuning *all, const char *folder, bool *stopped, sg_error *error)
{
    const sg_tuner_hooks hooks = {
        .watch = sg_projection_watch(&all->searches[0]), .user = all, .after = after_step};
    SG_TRY(create(all, error));
    *stopped = sg_watch_step(&hooks.watch, 0, sg_tuner_steps(all->tuner), NULL);
    if (!*stopped)
        SG_TRY(sg_tuner_run(all->tuner, &hooks, stopped, error));
    for (size_t i = 0; i < all->count; i++)
        SG_TRY(take_result(all, i, error));
    return write_network(all, folder, error);
}

sg_status sg_projection_tune(sg_projection *projection, sg_projection_search *searches,
                             size_t count, const char *folder, bool *stopped, sg_error *error)
{
    tuning all = {.projection = projection, .searches = searches, .count = count};
    const sg_parameter_set *set = sg_generator_parameters(projection->networks.network.generator);
    const double started = sg_clock_seconds();
    float **original = copy_parameters(set);
    if (!original)
        return sg_fail_memory(error, "a copy of the network");
    const sg_status status = tune(&all, folder, stopped, error);
    sg_tuner_destroy(all.tuner);
    restore_parameters(set, original);
    free_values(original, set->count);
    for (size_t i = 0; i < count; i++) {
        searches[i].seconds += (sg_clock_seconds() - started) / (double)count;
        searches[i].stopped = searches[i].stopped || *stopped;
    }
    return status;
}
