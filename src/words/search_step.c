/*
 * One step of a search: paint, ask the guide, differentiate, move; see latent_search.h.
 *
 * Tested by: tests/words/test_latent_search.c
 */
#include <math.h>

#include "invert/schedule.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/reduce.h"
#include "words/latent_search_inside.h"

/* Returns what is added to each w, [1, num_ws, w_dim]; NULL in StyleSpace, where nothing is. */
static sg_tensor *moved(const sg_latent_search *search)
{
    return search->step ? sg_multiply(search->mask, search->step) : NULL;
}

static sg_tensor *paint(const sg_latent_search *search, sg_tensor *added)
{
    const sg_synthesis_options options = {
        .noise_mode = search->options.without_noise ? SG_NOISE_NONE : SG_NOISE_CONST};
    return sg_generator_synthesize(search->generator,
                                   added ? sg_add(search->start, added) : search->start, options);
}

static sg_tensor *square(sg_tensor *x)
{
    return sg_sum_product(x, x, sg_shape_of(0, NULL));
}

/* Returns the squared distance from the start, of w or of the styles. */
static sg_tensor *distance_of(const sg_latent_search *search, sg_tensor *added)
{
    sg_tensor *sum = added ? square(added) : NULL;
    for (size_t i = 0; i < search->space.count; i++) {
        if (!search->unmoved[i])
            continue;
        sg_tensor *term =
            square(sg_subtract(search->space.layers[i].affine.bias, search->unmoved[i]));
        sum = sum ? sg_add(sum, term) : term;
    }
    return sum;
}

/* Computes all losses, on the tape. */
static sg_tensor *losses(sg_latent_search *search, sg_search_report *report)
{
    sg_tensor *added = moved(search);
    sg_tensor *liked = sg_guide_loss(search->guide, paint(search, added));
    sg_tensor *distance = distance_of(search, added);
    sg_tensor *loss = sg_add(liked, sg_affine(distance, search->options.distance, 0));
    if (!loss)
        return NULL;
    report->guide = sg_tensor_value(liked, 0);
    report->distance = sg_tensor_value(distance, 0);
    report->loss = sg_tensor_value(loss, 0);
    return loss;
}

/* Returns the learning rate of a step. */
static double rate_of(const sg_latent_search *search, int step)
{
    sg_projector_options course = sg_projector_options_default();
    course.steps = search->options.steps;
    course.rate = search->options.rate;
    course.schedule = search->options.schedule;
    return sg_invert_rate(&course, step);
}

sg_status sg_latent_search_evaluate(sg_latent_search *search, sg_search_report *report,
                                    sg_error *error)
{
    sg_context *context = search->context;
    sg_trainable_list *list = &search->list;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    *report = (sg_search_report){.step = search->done, .rate = rate_of(search, search->done)};
    sg_trainable_list_release_gradients(list);
    context->recording = true;
    sg_parameter_set_require_gradient(&search->variables, true);
    sg_tensor *loss = losses(search, report);
    if (loss)
        sg_gradient(loss, NULL, list->tensors, list->count, (sg_gradient_options){0},
                    list->gradients);
    sg_parameter_set_require_gradient(&search->variables, false);
    context->recording = recording;
    for (size_t i = 0; i < list->count; i++)
        sg_tensor_retain(list->gradients[i]);
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}

void sg_latent_search_move(sg_latent_search *search, double rate)
{
    sg_optimiser_set_rate(search->optimiser, rate);
    sg_optimiser_step(search->optimiser, search->list.gradients);
    search->done++;
}

sg_status sg_latent_search_step(sg_latent_search *search, sg_search_report *report, sg_error *error)
{
    if (search->done >= search->options.steps)
        return sg_fail(error, SG_ERROR_ARGUMENT, "all %d steps were taken", search->options.steps);
    SG_TRY(sg_latent_search_evaluate(search, report, error));
    if (!isfinite(report->loss) || !isfinite(sg_gradient_norm(&search->list)))
        return sg_fail(error, SG_ERROR_NUMERIC,
                       "the loss of step %d is not a finite number; a lower rate may help",
                       search->done);
    sg_latent_search_move(search, report->rate);
    return SG_OK;
}

sg_tensor *sg_latent_search_picture(sg_latent_search *search)
{
    sg_context *context = search->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    context->recording = false;
    sg_tensor *picture = paint(search, moved(search));
    context->recording = recording;
    return sg_scope_close(context, scope, picture);
}
