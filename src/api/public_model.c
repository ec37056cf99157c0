/*
 * Models as programs outside see them: a generator from a network file, and pictures from it.
 *
 * A picture is painted on its own, as by `stylegan generate`, so that equal options give equal
 * pixels there and here.
 */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/call.h"
#include "base/allocate.h"
#include "checkpoint/network/network_file.h"
#include "checkpoint/network/network_load.h"
#include "image/files/png_file.h"
#include "latent/seeds.h"
#include "latent/styles.h"
#include "nn/noise_mode.h"

enum { MOST_REMARKS = 8, REMARK_BYTES = 64 };

struct sg_model {
    sg_context *context;
    sg_generator *generator;
};

/* ---- opening ---- */

static sg_status load(sg_model *model, const char *path, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_status status = sg_network_open(path, &file, error);
    if (status)
        return status;
    const bool only_plain = !sg_network_has(file, SG_PART_G_EMA) && sg_network_has(file, SG_PART_G);
    status = sg_network_load_generator(file, only_plain ? SG_PART_G : SG_PART_G_EMA, model->context,
                                       &model->generator, error);
    sg_network_close(file);
    return status;
}

sg_status sg_model_open(sg_context *context, const char *path, sg_model **model, sg_error *error)
{
    sg_error_clear(error);
    *model = NULL;
    sg_model *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "the model in %s", path);
    opened->context = context;
    const int threads = sg_call_begin(context);
    const sg_status status = load(opened, path, error);
    sg_call_end(threads);
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
    sg_generator_destroy(model->generator);
    free(model);
}

void sg_model_get_info(const sg_model *model, sg_model_info *info)
{
    const sg_generator_config *config = sg_generator_config_of(model->generator);
    *info = (sg_model_info){.z_dim = config->z_dim,
                            .c_dim = config->c_dim,
                            .w_dim = config->w_dim,
                            .num_ws = sg_generator_num_ws(model->generator),
                            .resolution = config->img_resolution,
                            .width = sg_generator_width(model->generator),
                            .height = sg_generator_height(model->generator),
                            .channels = config->img_channels};
}

/* ---- painting ---- */

void sg_picture_options_init(sg_picture_options *options)
{
    *options = (sg_picture_options){
        .class_index = -1, .truncation = 1, .truncation_cutoff = -1, .noise_mode = SG_NOISE_CONST};
}

static sg_status check_latent(const float *latent, int width, sg_error *error)
{
    for (int i = 0; latent && i < width; i++)
        if (!isfinite(latent[i]))
            return sg_fail(error, SG_ERROR_NUMERIC, "number %d of the latent is %g", i,
                           (double)latent[i]);
    return SG_OK;
}

static sg_status check_picture(const sg_model *model, const sg_picture_options *options,
                               sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(model->generator);
    if (config->c_dim > 0 && (options->class_index < 0 || options->class_index >= config->c_dim))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "class_index is %d, but the model is conditional and needs one from 0 to %d",
                       options->class_index, config->c_dim - 1);
    if (!isfinite(options->truncation))
        return sg_fail(error, SG_ERROR_ARGUMENT, "truncation is %g, but must be a finite number",
                       options->truncation);
    if ((int)options->noise_mode < SG_NOISE_CONST || (int)options->noise_mode > SG_NOISE_NONE)
        return sg_fail(error, SG_ERROR_ARGUMENT, "noise_mode is %d, which stands for no mode",
                       (int)options->noise_mode);
    return check_latent(options->latent, config->z_dim, error);
}

static size_t value_count(const sg_model *model)
{
    return (size_t)sg_generator_height(model->generator) *
           (size_t)sg_generator_width(model->generator) *
           (size_t)sg_generator_config_of(model->generator)->img_channels;
}

static sg_status check_buffer(const sg_model *model, const void *buffer, size_t count,
                              const char *unit, sg_error *error)
{
    if (buffer && count >= value_count(model))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "the buffer holds %zu %s, but a picture of %dx%d with %d channels takes %zu",
                   buffer ? count : 0, unit, sg_generator_width(model->generator),
                   sg_generator_height(model->generator),
                   sg_generator_config_of(model->generator)->img_channels, value_count(model));
}

/* The picture [1, H, W, C], owned by the innermost scope; NULL (error in the context). */
static sg_tensor *synthesize(sg_model *model, const sg_picture_options *options)
{
    sg_random noise = sg_seed_noise(options->seed);
    const sg_style_source source = {
        .z = options->latent, .seed = options->seed, .class_index = options->class_index};
    const sg_truncation truncation = {.psi = options->truncation,
                                      .cutoff = options->truncation_cutoff};
    return sg_generator_synthesize(
        model->generator, sg_styles(model->generator, &source, &truncation),
        (sg_synthesis_options){.noise_mode = options->noise_mode, .random = &noise});
}

/* What becomes of a picture's values; `target` is the caller's own. */
typedef sg_status (*deliver_function)(const sg_model *model, const float *values, void *target,
                                      sg_error *error);

static sg_status paint(sg_model *model, const sg_picture_options *options, deliver_function deliver,
                       void *target, sg_error *error)
{
    sg_status status = check_picture(model, options, error);
    if (status)
        return status;
    const int threads = sg_call_begin(model->context);
    const size_t scope = sg_scope_open(model->context);
    const sg_tensor *pixels = synthesize(model, options);
    status = sg_context_take_error(model->context, error);
    if (!status)
        status = deliver(model, sg_f32(pixels), target, error);
    sg_scope_close(model->context, scope, NULL);
    sg_call_end(threads);
    return status;
}

static sg_status deliver_levels(const sg_model *model, const float *values, void *target,
                                sg_error *error)
{
    (void)error;
    uint8_t *pixels = target;
    for (size_t i = 0; i < value_count(model); i++)
        pixels[i] = sg_image_level(values[i]);
    return SG_OK;
}

static sg_status deliver_floats(const sg_model *model, const float *values, void *target,
                                sg_error *error)
{
    (void)error;
    memcpy(target, values, value_count(model) * sizeof *values);
    return SG_OK;
}

static sg_status deliver_image(const sg_model *model, const float *values, void *target,
                               sg_error *error)
{
    return sg_image_from_floats(values, (size_t)sg_generator_height(model->generator),
                                (size_t)sg_generator_width(model->generator),
                                (size_t)sg_generator_config_of(model->generator)->img_channels,
                                target, error);
}

sg_status sg_model_paint(sg_model *model, const sg_picture_options *options, uint8_t *pixels,
                         size_t size, sg_error *error)
{
    sg_error_clear(error);
    const sg_status status = check_buffer(model, pixels, size, "bytes", error);
    return status ? status : paint(model, options, deliver_levels, pixels, error);
}

sg_status sg_model_paint_floats(sg_model *model, const sg_picture_options *options, float *values,
                                size_t count, sg_error *error)
{
    sg_error_clear(error);
    const sg_status status = check_buffer(model, values, count, "floats", error);
    return status ? status : paint(model, options, deliver_floats, values, error);
}

/* ---- PNG files ---- */

/* What a file says about its picture. Not to be copied: texts point into values. */
typedef struct picture_remarks {
    sg_png_text texts[MOST_REMARKS];
    char values[MOST_REMARKS][REMARK_BYTES];
    size_t count;
} picture_remarks;

__attribute__((format(printf, 3, 4))) static void
add_remark(picture_remarks *remarks, const char *key, const char *format, ...)
{
    char *value = remarks->values[remarks->count];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, REMARK_BYTES, format, arguments);
    va_end(arguments);
    remarks->texts[remarks->count++] = (sg_png_text){key, value};
}

static void make_remarks(const sg_model *model, const sg_picture_options *options,
                         picture_remarks *remarks)
{
    remarks->count = 0;
    add_remark(remarks, "Software", "stylegan %s", sg_version());
    if (!options->latent)
        add_remark(remarks, "seed", "%" PRIu32, options->seed);
    add_remark(remarks, "truncation psi", "%.15g", options->truncation);
    if (options->truncation_cutoff >= 0)
        add_remark(remarks, "truncation cutoff", "%d", options->truncation_cutoff);
    if (sg_generator_config_of(model->generator)->c_dim > 0)
        add_remark(remarks, "class", "%d", options->class_index);
    add_remark(remarks, "noise mode", "%s", sg_noise_mode_name(options->noise_mode));
}

sg_status sg_model_write_png(sg_model *model, const sg_picture_options *options, const char *path,
                             sg_error *error)
{
    picture_remarks remarks;
    sg_image *image = NULL;
    sg_error_clear(error);
    sg_status status = paint(model, options, deliver_image, &image, error);
    if (status)
        return status;
    make_remarks(model, options, &remarks);
    status = sg_png_write(path, image, remarks.texts, remarks.count, error);
    sg_image_destroy(image);
    return status;
}
