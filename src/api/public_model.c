/*
 * Models of the public interface: a generator from a network file, and its pictures. Each is
 * painted by pictures/painter.h, as `stylegan generate` does, so that equal options give equal
 * pixels.
 */
#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "base/allocate.h"
#include "edit/request/edit_store.h"
#include "pictures/painter.h"
#include "pictures/picture_fields.h"

struct sg_model {
    sg_picture_network network; /* in the caller's context */
    sg_edit_store *edits;
};

/* ---- opening ---- */

static sg_status load(sg_picture_network *network, sg_context *context, const char *path,
                      sg_error *error)
{
    const int threads = sg_call_begin(context);
    sg_status status = sg_picture_network_open(network, path, NULL, error);
    if (!status)
        status = sg_picture_network_load_in(network, context, error);
    sg_call_end(threads);
    network->path = NULL; /* the caller's text ends with the call */
    return status;
}

sg_status sg_model_open(sg_context *context, const char *path, sg_model **model, sg_error *error)
{
    sg_error_clear(error);
    *model = NULL;
    sg_model *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "the model in %s", path);
    sg_status status = load(&opened->network, context, path, error);
    if (!status)
        status = sg_edit_store_create(opened->network.generator, &opened->edits, error);
    if (status)
        sg_model_close(opened);
    else
        *model = opened;
    return status;
}

void sg_model_close(sg_model *model)
{
    if (!model)
        return;
    sg_edit_store_destroy(model->edits);
    sg_picture_network_close(&model->network);
    free(model);
}

void sg_model_get_info(const sg_model *model, sg_model_info *info)
{
    const sg_generator *generator = model->network.generator;
    const sg_generator_config *config = &model->network.config;
    *info = (sg_model_info){.z_dim = config->z_dim,
                            .c_dim = config->c_dim,
                            .w_dim = config->w_dim,
                            .num_ws = sg_generator_num_ws(generator),
                            .resolution = config->img_resolution,
                            .width = sg_generator_width(generator),
                            .height = sg_generator_height(generator),
                            .channels = config->img_channels};
}

/* ---- painting ---- */

void sg_picture_options_init(sg_picture_options *options)
{
    *options = (sg_picture_options){
        .class_index = -1, .truncation = 1, .truncation_cutoff = -1, .noise_mode = SG_NOISE_CONST};
}

/* Returns the list of a text, which may be NULL. */
static sg_edit_list list_of(const char *text)
{
    return text ? (sg_edit_list){.texts = {text}, .count = 1} : (sg_edit_list){0};
}

static sg_picture_request request_of(const sg_picture_options *options)
{
    return (sg_picture_request){.seed = options->seed,
                                .z = options->latent,
                                .class_index = options->class_index,
                                .label.values = options->label,
                                .psi = options->truncation,
                                .cutoff = options->truncation_cutoff,
                                .noise_mode = options->noise_mode,
                                .edit = {.sum = options->w_sum,
                                         .directions = options->directions,
                                         .moves = list_of(options->move),
                                         .orthogonal = options->orthogonal,
                                         .keep = options->keep,
                                         .styles = list_of(options->style),
                                         .mixes = list_of(options->mix),
                                         .psis = list_of(options->layer_psi),
                                         .radius = options->radius,
                                         .clamp = options->clamp,
                                         .centers = options->centers},
                                .folder = ""};
}

static sg_status check_buffer(const sg_model *model, const void *buffer, size_t count,
                              const char *unit, sg_error *error)
{
    sg_model_info info;
    sg_model_get_info(model, &info);
    const size_t needed = (size_t)info.height * (size_t)info.width * (size_t)info.channels;
    if (buffer && count >= needed)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the buffer holds %zu %s, but a picture of %dx%d with %d channels takes %zu",
                   buffer ? count : 0, unit, info.width, info.height, info.channels, needed);
}

/* Checks the request and finds the plan of its edits. */
static sg_status prepare(const sg_model *model, sg_picture_request *request, sg_error *error)
{
    SG_TRY(sg_picture_request_check(&model->network, request, SG_SPELL_MEMBER, error));
    const int threads = sg_call_begin(model->network.context);
    const sg_status status = sg_picture_edit_find(model->edits, request, error);
    sg_call_end(threads);
    return status;
}

/* Paints into `pixels` or `values`; the other one is NULL. */
static sg_status paint(const sg_model *model, const sg_picture_options *options, uint8_t *pixels,
                       float *values, sg_error *error)
{
    sg_picture_request request = request_of(options);
    sg_context *context = model->network.context;
    sg_tensor *found = NULL;
    SG_TRY(prepare(model, &request, error));
    const int threads = sg_call_begin(context);
    const size_t scope = sg_scope_open(context);
    const sg_status status = sg_picture_values(&model->network, &request, &found, error);
    const size_t count = status ? 0 : (size_t)sg_tensor_count(found);
    for (size_t i = 0; pixels && i < count; i++)
        pixels[i] = sg_image_level(sg_f32(found)[i]);
    if (values && count > 0)
        memcpy(values, sg_f32(found), count * sizeof *values);
    sg_scope_close(context, scope, NULL);
    sg_call_end(threads);
    return status;
}

sg_status sg_model_paint(sg_model *model, const sg_picture_options *options, uint8_t *pixels,
                         size_t size, sg_error *error)
{
    sg_error_clear(error);
    SG_TRY(check_buffer(model, pixels, size, "bytes", error));
    return paint(model, options, pixels, NULL, error);
}

sg_status sg_model_paint_floats(sg_model *model, const sg_picture_options *options, float *values,
                                size_t count, sg_error *error)
{
    sg_error_clear(error);
    SG_TRY(check_buffer(model, values, count, "floats", error));
    return paint(model, options, NULL, values, error);
}

sg_status sg_model_write_png(sg_model *model, const sg_picture_options *options, const char *path,
                             sg_error *error)
{
    sg_picture_request request = request_of(options);
    sg_image *image = NULL;
    request.output = path;
    sg_error_clear(error);
    SG_TRY(prepare(model, &request, error));
    const int threads = sg_call_begin(model->network.context);
    sg_status status = sg_paint_picture(&model->network, &request, NULL, &image, error);
    sg_call_end(threads);
    if (!status)
        status = sg_picture_write(&model->network, &request, image, error);
    sg_image_destroy(image);
    return status;
}
