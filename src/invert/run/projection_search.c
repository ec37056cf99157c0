/*
 * The search for one target: short runs from several starts, the long one, and on the way the film,
 * the stages of the figure and the picture so far. Tested by: tests/cli/test_project.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/clock.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "image/files/optional_video.h"
#include "image/files/png_file.h"
#include "invert/run/projection_film.h"
#include "invert/run/projection_state.h"

enum { SHORT_SHARE = 10, LEAST_SHORT = 5, MOST_SHORT = 100 /* steps of a short run */ };

static const double show_interval = 5; /* seconds */

/* ---- pictures ---- */

static sg_context *context_of(const sg_projection_search *search)
{
    return search->projection->networks.network.context;
}

sg_status sg_projection_image(const sg_projection *projection, const sg_tensor *picture,
                              sg_image **image, sg_error *error)
{
    SG_TRY(sg_context_take_error(projection->networks.network.context, error));
    return sg_image_from_floats(sg_f32(picture), (size_t)picture->shape.size[1],
                                (size_t)picture->shape.size[2], (size_t)picture->shape.size[3],
                                image, error);
}

/* Makes the picture of the projector's present w in *image, which the caller destroys. */
static sg_status paint(const sg_projection_search *search, sg_image **image, sg_error *error)
{
    sg_context *context = context_of(search);
    *image = NULL;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *picture = sg_projector_picture(search->projector);
    const sg_status status = sg_projection_image(search->projection, picture, image, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

bool sg_projection_is_due(const sg_projection_search *search)
{
    return sg_clock_seconds() - search->shown >= show_interval;
}

sg_status sg_projection_show(sg_projection_search *search, const sg_image *picture, sg_error *error)
{
    sg_image *both = NULL;
    SG_TRY(sg_image_beside(search->target->picture, picture, &both, error));
    const sg_status status = sg_png_write(search->current, both, NULL, 0, error);
    if (!status && search->hooks->show)
        search->hooks->show(search->hooks->user, both);
    sg_image_destroy(both);
    search->shown = sg_clock_seconds();
    return status;
}

/* ---- stages of the figure ---- */

/* Plans pictures of the start, of a few steps on the way, and of the result. */
static void plan_stages(sg_projection_search *search, int steps)
{
    static const double shares[] = {0, 0.02, 0.1, 0.3, 0.6};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const int step = (int)lround(shares[i] * steps);
        if (search->stage_count > 0 &&
            (step <= search->stage_steps[search->stage_count - 1] || step >= steps))
            continue;
        sg_projection_stage *stage = &search->stages[search->stage_count];
        snprintf(stage->label, sizeof stage->label, step > 0 ? "step %d" : "start", step);
        search->stage_steps[search->stage_count++] = step;
    }
}

/* Sets the caption of a stage to the PSNR of its picture. */
static sg_status caption(const sg_projection_search *search, sg_projection_stage *stage,
                         sg_error *error)
{
    sg_picture_scores scores;
    SG_TRY(sg_picture_scores_compute(search->target->picture, stage->picture,
                                     search->target->weights, NULL, &scores, error));
    snprintf(stage->caption, sizeof stage->caption, "%.1f dB", scores.psnr);
    return SG_OK;
}

/* Gives `picture`, which it takes, to the stage of this step if there is one; otherwise destroys
 * it. */
static sg_status take_stage(sg_projection_search *search, int step, sg_image *picture,
                            sg_error *error)
{
    for (size_t i = 0; i < search->stage_count; i++)
        if (search->stage_steps[i] == step && !search->stages[i].picture) {
            search->stages[i].picture = picture;
            return caption(search, &search->stages[i], error);
        }
    sg_image_destroy(picture);
    return SG_OK;
}

static bool is_stage(const sg_projection_search *search, int step)
{
    for (size_t i = 0; i < search->stage_count; i++)
        if (search->stage_steps[i] == step)
            return true;
    return false;
}

/* ---- steps ---- */

/* Notes the loss: every one of up to SG_PROJECTION_MOST_POINTS steps, of more in equal steps. */
static void note_loss(sg_projection_search *search, const sg_projector_report *report)
{
    const int steps = search->projection->request.options.projector.steps;
    const int every = steps / SG_PROJECTION_MOST_POINTS + 1;
    search->last = *report;
    if (report->step % every || search->points == SG_PROJECTION_MOST_POINTS)
        return;
    search->curve[search->points].step = report->step;
    search->curve[search->points++].loss = report->loss;
}

/* What is due after `done` steps: a frame, a stage, the picture so far. */
static sg_status take_pictures(sg_projection_search *search, int done, sg_error *error)
{
    sg_image *picture = NULL;
    const bool due = sg_projection_is_due(search);
    if (!search->film && !due && !is_stage(search, done))
        return SG_OK;
    SG_TRY(paint(search, &picture, error));
    sg_status status =
        sg_projection_film_add(search->film, search->target->picture, picture, error);
    if (!status && due)
        status = sg_projection_show(search, picture, error);
    if (!status)
        return take_stage(search, done, picture, error);
    sg_image_destroy(picture);
    return status;
}

static sg_status after_step(void *user, sg_projector *projector, const sg_projector_report *report,
                            sg_error *error)
{
    sg_projection_search *search = user;
    (void)projector;
    note_loss(search, report);
    return take_pictures(search, report->step + 1, error);
}

/* Passes steps on, with the target's number where there are several. */
static bool watch_step(void *user, double done, double total, const char *remark)
{
    const sg_projection_search *search = user;
    const size_t count = search->projection->targets.count;
    char text[128];
    if (count == 1)
        return sg_watch_step(search->hooks->watch, done, total, remark);
    snprintf(text, sizeof text, "target %zu of %zu%s%s", search->index + 1, count,
             remark ? ", " : "", remark ? remark : "");
    return sg_watch_step(search->hooks->watch, done, total, text);
}

static void watch_note(void *user, const char *sentence)
{
    const sg_projection_search *search = user;
    sg_watch_note(search->hooks->watch, sentence);
}

sg_watch sg_projection_watch(sg_projection_search *search)
{
    return (sg_watch){search, watch_step, watch_note};
}

/* Tells the watch that a run of so many steps begins. */
static void begin(sg_projection_search *search, int steps)
{
    search->stopped = watch_step(search, 0, steps, NULL) || search->stopped;
}

/* ---- starts ---- */

/* Makes a projector for the target; it must be destroyed. */
static sg_status create(sg_projection_search *search, const sg_projector_options *options,
                        sg_projector **projector, sg_error *error)
{
    const sg_image *picture = search->target->picture;
    const sg_invert_networks networks = sg_projection_networks_of(&search->projection->networks);
    const sg_watch watch = sg_projection_watch(search);
    const sg_projector_targets targets = {.pictures = {.count = 1,
                                                       .height = picture->height,
                                                       .width = picture->width,
                                                       .channels = picture->channels,
                                                       .bytes = picture->pixels},
                                          .mask = search->target->weights};
    return sg_projector_create(&networks, options, &targets, &watch, projector, error);
}

/* Copies a tensor's values to the heap. */
static sg_status copy_values(const sg_tensor *tensor, float **values, sg_error *error)
{
    const size_t count = (size_t)sg_tensor_count(tensor);
    float *copy = sg_allocate(count, sizeof *copy);
    if (!copy)
        return sg_fail_memory(error, "the w of a picture");
    memcpy(copy, sg_f32(tensor), count * sizeof *copy);
    free(*values);
    *values = copy;
    return SG_OK;
}

/* Copies the projector's w (of space z, its z) to *values, on the heap. */
static sg_status copy_found(const sg_projection_search *search, sg_projector *projector, bool z,
                            float **values, sg_error *error)
{
    sg_context *context = context_of(search);
    const size_t scope = sg_scope_open(context);
    const sg_tensor *found = z ? sg_projector_z(projector) : sg_projector_ws(projector);
    sg_status status = sg_context_take_error(context, error);
    if (!status && found)
        status = copy_values(found, values, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

/* The steps of a short run. */
static int short_steps(int steps)
{
    const int share = steps / SHORT_SHARE;
    return share < LEAST_SHORT ? LEAST_SHORT : share > MOST_SHORT ? MOST_SHORT : share;
}

/* Keeps the last distance of a short run; the search's own curve begins with the long one. */
static sg_status keep_distance(void *user, sg_projector *projector,
                               const sg_projector_report *report, sg_error *error)
{
    (void)projector;
    (void)error;
    *(double *)user = report->distance;
    return SG_OK;
}

/* Runs from one start; what it found replaces *best if it is nearer than *nearest. */
static sg_status try_start(sg_projection_search *search, const sg_projector_options *options,
                           double *nearest, float **best, sg_error *error)
{
    double distance = INFINITY;
    sg_projector *projector = NULL;
    const sg_projector_hooks hooks = {
        .watch = sg_projection_watch(search), .user = &distance, .after = keep_distance};
    sg_status status = create(search, options, &projector, error);
    begin(search, options->steps);
    if (!status)
        status = sg_projector_run(projector, &hooks, &search->stopped, error);
    if (!status && (distance < *nearest || !*best)) {
        *nearest = distance;
        status = copy_found(search, projector, options->space == SG_INVERT_Z, best, error);
    }
    sg_projector_destroy(projector);
    return status;
}

/* Finds the best of several starts, the usual one and seeds, in short runs. */
static sg_status choose_start(sg_projection_search *search, sg_projector_options *options,
                              float **best, sg_error *error)
{
    const int starts = search->projection->request.options.multi_start;
    double nearest = INFINITY;
    sg_projector_options tried = *options;
    tried.steps = short_steps(options->steps);
    for (int i = 0; i < starts && !search->stopped; i++) {
        SG_TRY(try_start(search, &tried, &nearest, best, error));
        tried.start = SG_INVERT_START_SEED;
        tried.start_seed = options->seed + 1 + (uint32_t)i;
    }
    options->start = SG_INVERT_START_GIVEN;
    options->start_values = *best;
    return SG_OK;
}

/* Encodes the target into *ws, on the heap. */
static sg_status encode(sg_projection_search *search, float **ws, sg_error *error)
{
    const sg_projection_networks *networks = &search->projection->networks;
    const sg_generator_config *config = &networks->network.config;
    const sg_image *picture = search->target->picture;
    const sg_feature_pictures pictures = {.count = 1,
                                          .height = picture->height,
                                          .width = picture->width,
                                          .channels = picture->channels,
                                          .bytes = picture->pixels};
    const size_t layers = (size_t)sg_generator_num_ws(networks->network.generator);
    const double started = sg_clock_seconds();
    *ws = sg_allocate(layers * (size_t)config->w_dim, sizeof **ws);
    if (!*ws)
        return sg_fail_memory(error, "the w of a picture");
    SG_TRY(sg_encode(networks->encoder, &pictures, *ws, error));
    search->encoder_seconds = sg_clock_seconds() - started;
    return SG_OK;
}

/* Sets the start where several are tried or an encoder tells it; *best, on the heap, are its
 * values. */
static sg_status find_start(sg_projection_search *search, sg_projector_options *options,
                            float **best, sg_error *error)
{
    options->start_values = search->projection->start;
    if (search->projection->request.options.multi_start > 1)
        return choose_start(search, options, best, error);
    if (search->projection->networks.encoder) {
        SG_TRY(encode(search, best, error));
        options->start_values = *best;
    }
    return SG_OK;
}

/* ---- the result ---- */

/* Measures how far w is from the mean: root of the mean over layers of squared distances. */
static double distance_from_mean(const sg_projection_search *search)
{
    const sg_tensor *mean = sg_projector_mean_w(search->projector);
    const double spread = sg_projector_w_std(search->projector);
    const int layers = sg_generator_num_ws(search->projection->networks.network.generator);
    const int64_t width = sg_tensor_count(mean);
    double square = 0;
    for (int64_t i = 0; i < layers * width; i++) {
        const double difference = (double)search->ws[i] - sg_tensor_value(mean, i % width);
        square += difference * difference;
    }
    return spread > 0 ? sqrt(square / layers) / spread : 0;
}

sg_status sg_projection_add_stage(sg_projection_search *search, const char *label,
                                  const sg_image *picture, sg_error *error)
{
    sg_projection_stage *stage = &search->stages[search->stage_count++];
    snprintf(stage->label, sizeof stage->label, "%s", label);
    SG_TRY(sg_image_crop(picture, 0, 0, picture->width, picture->height, &stage->picture, error));
    return caption(search, stage, error);
}

/* Takes w, z, picture and scores, and ends the search. */
static sg_status take_result(sg_projection_search *search, sg_error *error)
{
    char label[SG_PROJECTION_LABEL_BYTES];
    SG_TRY(copy_found(search, search->projector, false, &search->ws, error));
    SG_TRY(copy_found(search, search->projector, true, &search->z, error));
    SG_TRY(paint(search, &search->picture, error));
    SG_TRY(sg_picture_scores_compute(search->target->picture, search->picture,
                                     search->target->weights, search->projection->networks.scorer,
                                     &search->scores, error));
    search->distance = distance_from_mean(search);
    search->num_ws = sg_generator_num_ws(search->projection->networks.network.generator);
    search->w_dim = (int)sg_tensor_count(sg_projector_mean_w(search->projector));
    search->class_index = sg_projector_class(search->projector);
    sg_projector_destroy(search->projector); /* the network has its own noise again */
    search->projector = NULL;
    snprintf(label, sizeof label, "step %d", search->steps);
    return sg_projection_add_stage(search, label, search->picture, error);
}

static sg_status run(sg_projection_search *search, sg_projector_options *options, sg_error *error)
{
    const sg_projector_hooks hooks = {
        .watch = sg_projection_watch(search), .user = search, .after = after_step};
    const int steps = options->steps;
    options->steps = steps > 0 ? steps : 1; /* a projector has one at least, which is not taken */
    SG_TRY(create(search, options, &search->projector, error));
    plan_stages(search, steps);
    SG_TRY(take_pictures(search, 0, error));
    begin(search, steps);
    if (!search->stopped && steps > 0)
        SG_TRY(sg_projector_run(search->projector, &hooks, &search->stopped, error));
    search->steps = steps > 0 ? sg_projector_steps_done(search->projector) : 0;
    return take_result(search, error);
}

sg_status sg_projection_search_run(sg_projection_search *search, sg_error *error)
{
    const sg_projection_options *given = &search->projection->request.options;
    sg_projector_options options = given->projector;
    float *best = NULL;
    char *film = NULL;
    search->started = sg_clock_seconds();
    search->current = sg_projection_path(search, "current.png");
    if (given->save_video)
        film = sg_projection_path(search, "proj.mp4");
    sg_status status = search->current && (film || !given->save_video)
                           ? sg_make_folders(search->folder, error)
                           : sg_fail_memory(error, "the files of %s", search->folder);
    if (!status && film)
        status = sg_optional_video_create(film, given->frames_per_second, search->hooks->watch,
                                          &search->film, error);
    if (!status)
        status = find_start(search, &options, &best, error);
    if (!status)
        status = run(search, &options, error);
    search->seconds = sg_clock_seconds() - search->started;
    free(best);
    free(film);
    return status;
}

void sg_projection_search_clear(sg_projection_search *search)
{
    if (search->current)
        remove(search->current);
    for (size_t i = 0; i < search->stage_count; i++)
        sg_image_destroy(search->stages[i].picture);
    sg_projector_destroy(search->projector);
    sg_video_abandon(search->film);
    sg_image_destroy(search->picture);
    sg_image_destroy(search->untuned);
    free(search->folder);
    free(search->current);
    free(search->ws);
    free(search->z);
    *search = (sg_projection_search){0};
}
