/*
 * Pictures are painted one at a time, never in batches: so each has the same bits whatever is
 * painted with it (latent/styles.h).
 */
#include "pictures/painter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "checkpoint/latents/w_file.h"
#include "edit/request/edit_plan.h"
#include "latent/moved_input.h"
#include "pictures/picture_metadata.h"

/* ---- values ---- */

/* The largest magnitude among the values, infinite if one is not finite. */
static double largest_of(const sg_tensor *tensor)
{
    double largest = 0;
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++) {
        const double value = fabs(sg_tensor_value(tensor, i));
        largest = isfinite(value) ? fmax(largest, value) : INFINITY;
    }
    return largest;
}

/* Fails for a picture that shows nothing: w overflow in the network, or its weights are no numbers.
 */
static sg_status check_values(const sg_tensor *ws, const sg_tensor *values, sg_error *error)
{
    if (isfinite(largest_of(values)))
        return SG_OK;
    return sg_fail(error, SG_ERROR_NUMERIC,
                   "the picture holds numbers that are not finite; the largest number of its w is "
                   "%.3g, and the network may hold wrong weights",
                   largest_of(ws));
}

/* The picture of `ws`, which may be NULL with the error in the context. */
static sg_status synthesize(const sg_picture_network *network, const sg_picture_request *request,
                            sg_tensor *ws, sg_tensor **values, sg_error *error)
{
    sg_random noise = sg_picture_noise(request);
    const sg_synthesis_options options = {.noise_mode = request->noise_mode,
                                          .random = request->noise ? request->noise : &noise,
                                          .silent_layers = request->silent_layers,
                                          .tap = request->tap};
    const bool moved = !sg_transform_is_identity(&request->transform);
    sg_moved_input input = {0};
    *values = NULL;
    if (moved) {
        SG_TRY(sg_moved_input_begin(network->generator, &input, error));
        sg_moved_input_set(&input, &request->transform);
    }
    const sg_edit_plan *plan = request->edit.only_source ? NULL : request->edit.plan;
    if (plan)
        sg_edit_shift_begin(plan, request->edit.strength);
    *values = sg_generator_synthesize(network->generator, ws, options);
    if (plan)
        sg_edit_shift_end(plan);
    if (moved)
        sg_moved_input_end(&input);
    SG_TRY(sg_context_take_error(network->context, error));
    return check_values(ws, *values, error);
}

sg_status sg_picture_values(const sg_picture_network *network, const sg_picture_request *request,
                            sg_tensor **values, sg_error *error)
{
    return synthesize(network, request, sg_picture_styles(network, request), values, error);
}

static sg_status save_w(const sg_picture_request *request, const sg_tensor *ws, sg_error *error)
{
    char *path = sg_picture_path(request, ".npz");
    const sg_status status = path ? sg_w_file_write(path, sg_f32(ws), 1, (size_t)ws->shape.size[1],
                                                    (size_t)ws->shape.size[2], error)
                                  : sg_fail_memory(error, "the path of %s", request->output);
    free(path);
    return status;
}

/* ---- w that are far off ---- */

void sg_far_w_clear(sg_far_w *far)
{
    sg_w_spread_clear(&far->spread);
    *far = (sg_far_w){0};
}

/* True if the w is none that the mapping network and a common truncation give. */
static bool may_be_far(const sg_picture_request *request)
{
    const double largest_psi = 10;
    return request->ws || request->z || request->edit.plan || fabs(request->psi) > largest_psi;
}

/* Measures the distance of ws from W, which is found once. */
static sg_status measure(const sg_picture_network *network, const sg_picture_request *request,
                         const sg_tensor *ws, sg_far_w *far, sg_error *error)
{
    const sg_style_label label = {request->class_index >= 0 ? request->class_index : 0,
                                  request->label.values};
    far->distance = 0;
    if (!ws || !may_be_far(request))
        return SG_OK;
    if (!far->spread.moments.mean)
        SG_TRY(sg_w_spread_find(network->generator, label, &far->spread, error));
    far->distance = sg_w_spread_distance(&far->spread, ws);
    return SG_OK;
}

bool sg_far_w_describe(const sg_far_w *far, const sg_picture_request *request,
                       char sentence[SG_FAR_W_BYTES])
{
    char source[SG_SOURCE_NAME_BYTES];
    const double sensible = 100;
    if (far->distance <= sensible)
        return false;
    snprintf(sentence, SG_FAR_W_BYTES,
             "the w of %s is %.3g times as far from the mean as random w are: its picture means "
             "nothing",
             sg_request_source_name(request, source), far->distance);
    return true;
}

/* ---- one picture ---- */

sg_status sg_paint_picture(const sg_picture_network *network, const sg_picture_request *request,
                           sg_far_w *far, sg_image **image, sg_error *error)
{
    sg_tensor *values = NULL;
    *image = NULL;
    const size_t scope = sg_scope_open(network->context);
    sg_tensor *ws = sg_picture_styles(network, request);
    sg_status status = far ? measure(network, request, ws, far, error) : SG_OK;
    if (!status)
        status = synthesize(network, request, ws, &values, error);
    if (!status && request->save_w)
        status = save_w(request, ws, error);
    if (!status)
        status = sg_image_from_floats(sg_f32(values), (size_t)values->shape.size[1],
                                      (size_t)values->shape.size[2], (size_t)values->shape.size[3],
                                      image, error);
    sg_scope_close(network->context, scope, NULL);
    return status;
}

sg_status sg_picture_write(const sg_picture_network *network, const sg_picture_request *request,
                           const sg_image *image, sg_error *error)
{
    const char *folder = request->output[0] == '/' ? "" : request->folder;
    sg_image *scaled = NULL;
    sg_remarks remarks;
    if (request->scale > 1)
        SG_TRY(sg_image_scale_integer(image, (size_t)request->scale, &scaled, error));
    sg_remark_picture(&remarks, network, request);
    const sg_status status =
        sg_write_picture(folder, request->output, scaled ? scaled : image, &remarks, error);
    sg_image_destroy(scaled);
    return status;
}

/* ---- many ---- */

sg_status sg_paint_step(const sg_picture_plan *plan, size_t pictures, const sg_watch *watch,
                        sg_error *error)
{
    const size_t frame = plan->frame ? plan->frame : 1;
    const size_t done = pictures / frame;
    const size_t total = plan->count / frame;
    if (pictures % frame || !sg_watch_step(watch, (double)done, (double)total, NULL))
        return SG_OK;
    return sg_fail(error, SG_ERROR_CANCELLED, "%s%sstopped after %zu of %zu %s",
                   plan->subject ? plan->subject : "", plan->subject ? ": " : "", done, total,
                   plan->frame ? "frames" : "pictures");
}

/* Paints and delivers picture `index`; notes the first one whose w is far off. */
static sg_status paint_next(const sg_picture_network *network, const sg_picture_plan *plan,
                            size_t index, sg_far_w *far, const sg_watch *watch, sg_error *error)
{
    char sentence[SG_FAR_W_BYTES];
    sg_image *image = NULL;
    const sg_picture_request request = plan->request(plan->user, index);
    sg_status status = sg_paint_picture(network, &request, far, &image, error);
    if (!status && !far->noted && sg_far_w_describe(far, &request, sentence)) {
        far->noted = true;
        sg_watch_note(watch, sentence);
    }
    if (!status)
        status = plan->deliver(plan->user, index, &request, image, error);
    sg_image_destroy(image);
    return status;
}

sg_status sg_paint_pictures(const sg_picture_network *network, const sg_picture_plan *plan,
                            const sg_watch *watch, sg_error *error)
{
    sg_far_w far = {0};
    sg_status status = sg_paint_step(plan, 0, watch, error);
    for (size_t i = 0; i < plan->count && !status; i++) {
        status = paint_next(network, plan, i, &far, watch, error);
        if (!status)
            status = sg_paint_step(plan, i + 1, watch, error);
    }
    sg_far_w_clear(&far);
    return status;
}

sg_status sg_paint_grid(const sg_generator *generator, size_t columns, size_t rows, sg_grid **grid,
                        sg_error *error)
{
    const int channels = sg_generator_config_of(generator)->img_channels;
    sg_grid_layout layout;
    sg_grid_layout_init(&layout);
    layout.columns = columns;
    layout.rows = rows;
    layout.cell_width = (size_t)sg_generator_width(generator);
    layout.cell_height = (size_t)sg_generator_height(generator);
    layout.channels = channels <= 4 ? (size_t)channels : 3;
    return sg_grid_create(&layout, grid, error);
}
