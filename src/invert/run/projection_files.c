/* Writes what a projection found. Tested by: tests/cli/test_project.c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "checkpoint/numpy/numpy_file.h"
#include "invert/run/projection_state.h"
#include "pictures/picture_metadata.h"

const char *const sg_projection_file_names[] = {
    "target.png",      "proj.png",    "projected_w.npz",   "proj.mp4",    "figure.png",
    "projection.json", "current.png", "tuned.safetensors", "untuned.png", NULL};

char *sg_projection_path(const sg_projection_search *search, const char *name)
{
    return sg_path_join(search->folder, name);
}

/* ---- projection.json ---- */

static bool add_number(cJSON *object, const char *key, double value)
{
    return sg_json_add(object, key,
                       isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

static bool add_text(cJSON *object, const char *key, const char *value)
{
    return sg_json_add(object, key, cJSON_CreateString(value));
}

/* The weight of each loss that counted, and its value at the last step. */
static bool add_losses(cJSON *object, const sg_projection_search *search)
{
    const sg_invert_weights *weights = &search->projection->request.options.projector.weights;
    cJSON *of_weights = cJSON_AddObjectToObject(object, "weights");
    cJSON *of_losses = cJSON_AddObjectToObject(object, "losses");
    bool complete = of_weights && of_losses;
    for (int i = 0; i < SG_INVERT_LOSS_COUNT && complete; i++) {
        const char *name = sg_choice_name(&sg_invert_loss_choices, (size_t)i);
        if (weights->of[i] > 0)
            complete = add_number(of_weights, name, weights->of[i]) &&
                       add_number(of_losses, name, search->last.distances[i]);
    }
    return complete;
}

/* Pairs of a step and its loss. */
static bool add_curve(cJSON *object, const sg_projection_search *search)
{
    cJSON *curve = cJSON_AddArrayToObject(object, "curve");
    for (size_t i = 0; curve && i < search->points; i++) {
        const double pair[] = {search->curve[i].step, search->curve[i].loss};
        cJSON *item = cJSON_CreateDoubleArray(pair, 2);
        if (!item || !cJSON_AddItemToArray(curve, item)) {
            cJSON_Delete(item);
            return false;
        }
    }
    return curve;
}

static bool add_options(cJSON *object, const sg_projection_options *options)
{
    const sg_projector_options *projector = &options->projector;
    return add_text(object, "space", sg_choice_name(&sg_invert_spaces, projector->space)) &&
           add_number(object, "num_steps", projector->steps) &&
           add_number(object, "seed", projector->seed) &&
           add_number(object, "lr", projector->rate) &&
           add_text(object, "lr_schedule",
                    sg_choice_name(&sg_invert_schedules, projector->schedule)) &&
           add_text(object, "noise", sg_choice_name(&sg_invert_noises, projector->noise)) &&
           add_text(object, "start",
                    options->start     ? options->start
                    : options->encoder ? options->encoder
                                       : sg_choice_name(&sg_invert_starts, projector->start)) &&
           add_number(object, "multi_start", options->multi_start > 1 ? options->multi_start : 1) &&
           sg_json_add(object, "anchor", cJSON_CreateBool(options->anchor));
}

/* Where the target was found, in its own pixels and degrees. */
static bool add_alignment(cJSON *object, const sg_projection_search *search)
{
    const sg_alignment *found = &search->target->found;
    if (!search->projection->request.options.target.align.given)
        return true;
    cJSON *alignment = cJSON_AddObjectToObject(object, "alignment");
    return alignment && add_number(alignment, "x", found->placement.x) &&
           add_number(alignment, "y", found->placement.y) &&
           add_number(alignment, "width", found->placement.width) &&
           add_number(alignment, "degrees", found->placement.angle * 180 / acos(-1)) &&
           add_number(alignment, "correlation_before", found->before) &&
           add_number(alignment, "correlation", found->after);
}

static bool add_result(cJSON *object, const sg_projection_search *search)
{
    const int class_index = search->class_index;
    return add_text(object, "network", search->projection->networks.network.path) &&
           add_text(object, "target", search->target->path) &&
           add_number(object, "psnr", search->scores.psnr) &&
           add_number(object, "ssim", search->scores.ssim) &&
           add_number(object, "lpips", search->scores.lpips) &&
           add_number(object, "distance_from_mean", search->distance) &&
           add_number(object, "seconds", search->seconds) &&
           (search->encoder_seconds <= 0 ||
            add_number(object, "encoder_seconds", search->encoder_seconds)) &&
           add_number(object, "steps", search->steps) &&
           (class_index < 0 || add_number(object, "class", class_index)) &&
           add_number(object, "loss", search->last.loss);
}

/* What tuning did, and the scores before. */
static bool add_tuning(cJSON *object, const sg_projection_search *search)
{
    if (!search->untuned)
        return true;
    cJSON *untuned = cJSON_AddObjectToObject(object, "untuned");
    return untuned && add_number(untuned, "psnr", search->untuned_scores.psnr) &&
           add_number(untuned, "ssim", search->untuned_scores.ssim) &&
           add_number(untuned, "lpips", search->untuned_scores.lpips) &&
           add_number(object, "tuning_steps", search->tuning_steps) &&
           add_number(object, "tuning_loss", search->tuning_loss);
}

static sg_status write_json(const sg_projection_search *search, const char *path, sg_error *error)
{
    cJSON *object = cJSON_CreateObject();
    char *text = NULL;
    if (object && add_result(object, search) && add_losses(object, search) &&
        add_alignment(object, search) && add_tuning(object, search) &&
        add_options(object, &search->projection->request.options) && add_curve(object, search))
        text = cJSON_PrintBuffered(object, 4096, true);
    cJSON_Delete(object);
    const sg_status status =
        text ? sg_write_file(path, text, strlen(text), error) : sg_fail_memory(error, "%s", path);
    cJSON_free(text);
    return status;
}

/* ---- the other files ---- */

static sg_status write_w(const sg_projection_search *search, const char *path, sg_error *error)
{
    const sg_numpy_entry entries[] = {
        {.name = "w", .rank = 3, .size = {1, search->num_ws, search->w_dim}, .values = search->ws},
        {.name = "z",
         .rank = 2,
         .size = {1, search->projection->networks.network.config.z_dim},
         .values = search->z}};
    return sg_numpy_write_npz(path, entries, search->z ? 2 : 1, error);
}

static sg_status write_picture(const sg_projection_search *search, const char *name,
                               const sg_image *picture, bool found, sg_error *error)
{
    sg_remarks remarks;
    sg_remarks_start(&remarks, sg_picture_network_name(&search->projection->networks.network));
    sg_remark_text(&remarks, "target", sg_path_name(search->target->path));
    if (found) {
        sg_remark_text(
            &remarks, "space",
            sg_choice_name(&sg_invert_spaces, search->projection->request.options.projector.space));
        sg_remark_text(&remarks, "losses", search->projection->losses);
        sg_remark_number(&remarks, "steps", search->steps);
        sg_remark_number(&remarks, "PSNR", search->scores.psnr);
    }
    return sg_write_picture(search->folder, name, picture, &remarks, error);
}

static sg_status write_figure(const sg_projection_search *search, sg_error *error)
{
    sg_image *figure = NULL;
    sg_projection_stage stages[SG_PROJECTION_MOST_STAGES];
    size_t count = 0;
    for (size_t i = 0; i < search->stage_count; i++)
        if (search->stages[i].picture)
            stages[count++] = search->stages[i];
    const sg_projection_row row = {NULL, search->target->picture, search->target->weights, stages};
    SG_TRY(sg_projection_figure_draw(&row, 1, count, NULL, &figure, error));
    const sg_status status = write_picture(search, "figure.png", figure, true, error);
    sg_image_destroy(figure);
    return status;
}

/* Writes what has a path of its own by `write`. */
static sg_status write_to(const sg_projection_search *search, const char *name,
                          sg_status (*write)(const sg_projection_search *, const char *,
                                             sg_error *),
                          sg_error *error)
{
    char *path = sg_projection_path(search, name);
    const sg_status status =
        path ? write(search, path, error) : sg_fail_memory(error, "the path of %s", name);
    free(path);
    return status;
}

sg_status sg_projection_write(const sg_projection_search *search, sg_error *error)
{
    SG_TRY(write_picture(search, "target.png", search->target->picture, false, error));
    SG_TRY(write_picture(search, "proj.png", search->picture, true, error));
    if (search->untuned)
        SG_TRY(write_picture(search, "untuned.png", search->untuned, false, error));
    SG_TRY(write_figure(search, error));
    SG_TRY(write_to(search, "projected_w.npz", write_w, error));
    return write_to(search, "projection.json", write_json, error);
}
