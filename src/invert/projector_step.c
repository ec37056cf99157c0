/*
 * One step of a projection: paint, compare, differentiate, move.
 *
 * Tested by: tests/invert/test_projection.c
 */
#include <limits.h>
#include <math.h>

#include "invert/projector_inside.h"
#include "invert/schedule.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"

void sg_projector_draw(sg_projector *projector)
{
    for (int64_t i = 0; i < sg_tensor_count(projector->draw); i++)
        sg_tensor_set_value(projector->draw, i,
                            (double)(float)sg_numpy_random_normal(&projector->random));
}

sg_tensor *sg_projector_styles(sg_projector *projector, sg_tensor *latent)
{
    if (!latent)
        return NULL;
    const int num_ws = sg_generator_num_ws(projector->generator);
    if (projector->options.space == SG_INVERT_W_PLUS)
        return latent;
    sg_tensor *w = sg_reshape(latent, SG_SHAPE(1, latent->shape.size[2]));
    if (projector->options.space == SG_INVERT_Z)
        w = sg_generator_map(projector->generator, w, projector->label);
    return num_ws == 1 && w ? sg_reshape(w, SG_SHAPE(1, 1, w->shape.size[1]))
                            : sg_generator_broadcast(projector->generator, w);
}

sg_tensor *sg_projector_paint(sg_projector *projector, sg_tensor *ws)
{
    const sg_synthesis_options options = {
        .noise_mode =
            projector->options.noise == SG_INVERT_NOISE_NONE ? SG_NOISE_NONE : SG_NOISE_CONST};
    return sg_generator_synthesize(projector->generator, ws, options);
}

/* Adds weight * term to a sum; *value gets the term's. */
static sg_tensor *add_term(sg_tensor *sum, sg_tensor *term, double weight, double *value)
{
    *value = term ? sg_tensor_value(term, 0) : (double)NAN;
    return sg_add(sum, sg_affine(term, weight, 0));
}

/* Adds the penalties that have a weight. */
static sg_tensor *add_penalties(sg_projector *projector, sg_tensor *w, sg_tensor *loss,
                                sg_projector_report *report)
{
    const sg_projector_options *o = &projector->options;
    if (o->penalties.distance > 0)
        loss = add_term(loss, sg_penalty_of_distance(&projector->penalties, w),
                        o->penalties.distance, &report->penalties.distance);
    if (o->penalties.delta > 0)
        loss = add_term(loss, sg_penalty_of_delta(w, INT_MAX), o->penalties.delta,
                        &report->penalties.delta);
    if (o->penalties.mahalanobis > 0 && projector->penalties.whitener)
        loss = add_term(loss, sg_penalty_of_mahalanobis(&projector->penalties, w),
                        o->penalties.mahalanobis, &report->penalties.mahalanobis);
    if (projector->optimises_noise && projector->noise.count > 0)
        loss = add_term(loss, sg_noise_buffers_penalty(&projector->noise), o->noise_weight,
                        &report->noise_penalty);
    return loss;
}

/* Computes all losses, on the tape. */
static sg_tensor *losses(sg_projector *projector, sg_projector_report *report)
{
    sg_tensor *distances[SG_INVERT_LOSS_COUNT];
    sg_tensor *noise = sg_affine(projector->draw, report->w_noise_scale, 0);
    sg_tensor *ws = sg_projector_styles(projector, sg_add(projector->latent, noise));
    sg_tensor *distance = sg_comparison_distance(&projector->comparison,
                                                 sg_projector_paint(projector, ws), distances);
    if (!distance)
        return NULL;
    report->distance = sg_tensor_value(distance, 0);
    for (int i = 0; i < SG_INVERT_LOSS_COUNT; i++)
        report->distances[i] = distances[i] ? sg_tensor_value(distances[i], 0) : 0;
    sg_tensor *loss = add_penalties(projector, projector->latent, distance, report);
    report->loss = loss ? sg_tensor_value(loss, 0) : (double)NAN;
    return loss;
}

sg_status sg_projector_evaluate(sg_projector *projector, sg_projector_report *report,
                                sg_error *error)
{
    sg_context *context = projector->context;
    sg_trainable_list *list = &projector->list;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    *report = (sg_projector_report){
        .step = projector->step,
        .rate = sg_invert_rate(&projector->options, projector->step),
        .w_noise_scale =
            projector->w_std * sg_invert_noise_scale(&projector->options, projector->step)};
    sg_trainable_list_release_gradients(list);
    context->recording = true;
    sg_parameter_set_require_gradient(&projector->variables, true);
    sg_tensor *loss = losses(projector, report);
    if (loss)
        sg_gradient(loss, NULL, list->tensors, list->count, (sg_gradient_options){0},
                    list->gradients);
    sg_parameter_set_require_gradient(&projector->variables, false);
    context->recording = recording;
    for (size_t i = 0; i < list->count; i++)
        sg_tensor_retain(list->gradients[i]);
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

void sg_projector_move(sg_projector *projector, double rate)
{
    sg_optimiser_set_rate(projector->optimiser, rate);
    sg_optimiser_step(projector->optimiser, projector->list.gradients);
    if (projector->optimises_noise)
        sg_noise_buffers_normalise(&projector->noise);
    projector->step++;
}

sg_status sg_projector_step(sg_projector *projector, sg_projector_report *report, sg_error *error)
{
    sg_projector_report own;
    sg_projector_report *found = report ? report : &own;
    if (projector->step >= projector->options.steps)
        return sg_fail(error, SG_ERROR_ARGUMENT, "all %d steps were taken",
                       projector->options.steps);
    sg_projector_draw(projector);
    SG_TRY(sg_projector_evaluate(projector, found, error));
    if (!isfinite(found->loss) || !isfinite(sg_gradient_norm(&projector->list)))
        return sg_fail(error, SG_ERROR_NUMERIC,
                       "the loss of step %d is not a finite number; a lower rate may help",
                       projector->step);
    sg_projector_move(projector, found->rate);
    return SG_OK;
}
