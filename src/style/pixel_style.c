/* Optimisation of pixels; see pixel_style.h. Tested by: tests/style/test_pixel_style.c */
#include "style/pixel_style.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "optim/gradients.h"
#include "optim/optimiser.h"
#include "style/style_loss.h"

struct sg_pixel_style {
    const sg_style_network *network;
    sg_context *context;
    sg_pixel_style_options options;
    sg_parameter_set variables;
    sg_tensor *pixels; /* [1, H, W, C], 0 to 255; of the variables */
    sg_style_target target;
    sg_optimiser *optimiser;
    sg_trainable_list list;
    int step;
};

/* ---- starting ---- */

static void fill(sg_tensor *pixels, const sg_image *image)
{
    for (int64_t i = 0; pixels && i < sg_tensor_count(pixels); i++)
        sg_f32(pixels)[i] = (float)image->pixels[i];
    if (pixels)
        sg_tensor_touch(pixels);
}

/* Computes the maps of a picture, off the tape. */
static sg_status maps_of(const sg_pixel_style *transfer, const sg_image *image,
                         sg_feature_maps *maps, sg_error *error)
{
    sg_context *context = transfer->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *pixels = sg_tensor_create(
        context, SG_F32,
        SG_SHAPE(1, (int64_t)image->height, (int64_t)image->width, (int64_t)image->channels));
    fill(pixels, image);
    sg_style_network_maps(transfer->network, pixels, maps);
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

/* Divides each map's losses by the mean square of the content's map. */
static void scale_target(sg_style_target *target, const sg_feature_maps *content)
{
    for (int i = 0; i < content->count; i++) {
        const sg_tensor *map = content->maps[i];
        double sum = 0;
        for (int64_t k = 0; k < sg_tensor_count(map); k++)
            sum += (double)sg_f32(map)[k] * (double)sg_f32(map)[k];
        target->scale[i] = 1 / (sum / (double)sg_tensor_count(map) + 1e-12);
    }
}

static sg_status make_target(sg_pixel_style *transfer, const sg_pixel_style_pictures *pictures,
                             sg_feature_maps *styles, sg_error *error)
{
    sg_feature_maps content = {.count = 0};
    sg_status status = maps_of(transfer, pictures->content, &content, error);
    for (size_t i = 0; i < pictures->count && !status; i++)
        status = maps_of(transfer, pictures->styles[i], &styles[i], error);
    if (!status)
        status = sg_style_target_make(
            &transfer->target, &content, sg_style_network_content_map(transfer->network, &content),
            styles, pictures->weights, pictures->count, transfer->options.alpha, error);
    if (!status)
        scale_target(&transfer->target, &content);
    sg_feature_maps_clear(&content);
    return status;
}

static sg_status make_targets(sg_pixel_style *transfer, const sg_pixel_style_pictures *pictures,
                              sg_error *error)
{
    sg_feature_maps *styles = sg_allocate(pictures->count, sizeof *styles);
    if (!styles)
        return sg_fail_memory(error, "maps of styles");
    const sg_status status = make_target(transfer, pictures, styles, error);
    for (size_t i = 0; i < pictures->count; i++)
        sg_feature_maps_clear(&styles[i]);
    free(styles);
    return status;
}

static sg_status make_variables(sg_pixel_style *transfer, const sg_image *content, sg_error *error)
{
    const sg_optimiser_options adam = {.kind = SG_ADAM,
                                       .rate = transfer->options.rate,
                                       .beta1 = 0.9,
                                       .beta2 = 0.999,
                                       .epsilon = 1e-8};
    transfer->pixels = sg_parameter_add(
        &transfer->variables, "", "pixels",
        SG_SHAPE(1, (int64_t)content->height, (int64_t)content->width, (int64_t)content->channels),
        true, SG_ZEROS);
    fill(transfer->pixels, content);
    SG_TRY(sg_context_take_error(transfer->context, error));
    transfer->optimiser = sg_optimiser_create(&transfer->variables, adam);
    return transfer->optimiser && sg_trainable_list_make(&transfer->list, &transfer->variables)
               ? SG_OK
               : sg_fail_memory(error, "the optimiser of pixels");
}

sg_status sg_pixel_style_create(const sg_style_network *network,
                                const sg_pixel_style_options *options,
                                const sg_pixel_style_pictures *pictures, sg_pixel_style **transfer,
                                sg_error *error)
{
    sg_pixel_style *made = sg_allocate(1, sizeof *made);
    *transfer = NULL;
    if (!made)
        return sg_fail_memory(error, "a transfer of styles");
    made->network = network;
    made->context = sg_style_network_context(network);
    made->options = *options;
    sg_parameter_set_init(&made->variables, made->context, SG_F32, 0);
    sg_status status = make_targets(made, pictures, error);
    if (!status)
        status = make_variables(made, pictures->content, error);
    if (status)
        sg_pixel_style_destroy(made);
    else
        *transfer = made;
    return status;
}

void sg_pixel_style_destroy(sg_pixel_style *transfer)
{
    if (!transfer)
        return;
    sg_style_target_clear(&transfer->target);
    sg_optimiser_destroy(transfer->optimiser);
    sg_trainable_list_clear(&transfer->list);
    sg_parameter_set_clear(&transfer->variables);
    free(transfer);
}

/* ---- steps ---- */

/* Returns the mean square difference of neighbours along an axis, in levels of 0 to 1. */
static sg_tensor *roughness(sg_tensor *pixels, int axis)
{
    const int64_t length = pixels->shape.size[axis] - 1;
    if (length < 1)
        return sg_tensor_full(pixels->context, pixels->dtype, sg_shape_of(0, NULL), 0);
    sg_tensor *difference =
        sg_subtract(sg_slice(pixels, axis, 1, length), sg_slice(pixels, axis, 0, length));
    difference = sg_affine(difference, 1 / 255.0, 0);
    return difference ? sg_mean_all(sg_multiply(difference, difference)) : NULL;
}

static double value_of(const sg_tensor *scalar)
{
    return scalar ? sg_tensor_value(scalar, 0) : (double)NAN;
}

/* Computes the loss on the tape. */
static sg_tensor *loss_of(sg_pixel_style *transfer, sg_pixel_style_report *report)
{
    const sg_pixel_style_options *options = &transfer->options;
    sg_feature_maps maps = {.count = 0};
    sg_style_network_maps(transfer->network, transfer->pixels, &maps);
    const sg_style_losses losses =
        sg_style_losses_of(&transfer->target, &maps, options->style_weight);
    sg_tensor *total = losses.total;
    report->content = value_of(losses.content);
    for (int i = 0; i < transfer->target.count && total; i++)
        report->style += value_of(losses.style[i]);
    if (options->smooth > 0) {
        sg_tensor *rough = sg_add(roughness(transfer->pixels, 1), roughness(transfer->pixels, 2));
        report->smooth = value_of(rough);
        total = sg_add(total, sg_affine(rough, options->smooth, 0));
    }
    report->total = value_of(total);
    sg_feature_maps_clear(&maps);
    return total;
}

static sg_status differentiate(sg_pixel_style *transfer, sg_pixel_style_report *report,
                               sg_error *error)
{
    sg_context *context = transfer->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    sg_trainable_list_release_gradients(&transfer->list);
    context->recording = true;
    sg_parameter_set_require_gradient(&transfer->variables, true);
    sg_tensor *loss = loss_of(transfer, report);
    if (loss)
        sg_gradient(loss, NULL, transfer->list.tensors, 1, (sg_gradient_options){0},
                    transfer->list.gradients);
    sg_parameter_set_require_gradient(&transfer->variables, false);
    context->recording = recording;
    sg_tensor_retain(transfer->list.gradients[0]);
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

static void limit(sg_tensor *pixels)
{
    float *values = sg_f32(pixels);
    for (int64_t i = 0; i < sg_tensor_count(pixels); i++)
        values[i] = fminf(fmaxf(values[i], 0), 255);
    sg_tensor_touch(pixels);
}

sg_status sg_pixel_style_step(sg_pixel_style *transfer, sg_pixel_style_report *report,
                              sg_error *error)
{
    const sg_pixel_style_options *options = &transfer->options;
    const double share = (double)transfer->step / options->steps;
    *report = (sg_pixel_style_report){.step = transfer->step};
    SG_TRY(differentiate(transfer, report, error));
    if (!isfinite(report->total))
        return sg_fail(error, SG_ERROR_NUMERIC,
                       "the loss of step %d is not a finite number; a lower rate may help",
                       transfer->step);
    sg_optimiser_set_rate(transfer->optimiser, options->rate * (0.5 + 0.5 * cos(acos(-1) * share)));
    sg_optimiser_step(transfer->optimiser, transfer->list.gradients);
    limit(transfer->pixels);
    transfer->step++;
    return SG_OK;
}

sg_status sg_pixel_style_image(const sg_pixel_style *transfer, sg_image **image, sg_error *error)
{
    const int64_t *size = transfer->pixels->shape.size;
    SG_TRY(sg_image_create((size_t)size[2], (size_t)size[1], (size_t)size[3], image, error));
    for (int64_t i = 0; i < sg_tensor_count(transfer->pixels); i++)
        (*image)->pixels[i] = (uint8_t)lrintf(sg_f32(transfer->pixels)[i]);
    return SG_OK;
}
