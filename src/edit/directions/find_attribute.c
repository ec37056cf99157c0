/*
 * Directions of attributes: across boundaries, along gradients, and channels of StyleSpace.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/directions/boundary.h"
#include "edit/directions/finding_state.h"
#include "edit/directions/ranked_channels.h"
#include "edit/directions/vectors.h"
#include "edit/style_space.h"
#include "ops/gradient.h"
#include "tensor/context.h"

/* ---- boundaries ---- */

/*
 * The share of samples at each end, less where fewer lie on one side of the threshold: a rare
 * attribute must not have samples without it among the positive ones. The classifier's threshold is
 * even odds, that of labels the middle between the lowest and the highest.
 */
static double find_share(const sg_finding_state *state, const float *scores)
{
    const size_t count = state->samples;
    const double wanted = state->finding->share;
    float lowest = scores[0];
    float highest = scores[0];
    size_t above = 0;
    for (size_t i = 1; i < count; i++) {
        lowest = fminf(lowest, scores[i]);
        highest = fmaxf(highest, scores[i]);
    }
    const double threshold = state->finding->codes ? ((double)lowest + highest) / 2 : 0;
    for (size_t i = 0; i < count; i++)
        above += scores[i] >= threshold;
    const size_t fewer = above < count - above ? above : count - above;
    /* half of a sample more, since the share is rounded down again */
    const double most = ((double)fewer + 0.5) / (double)count;
    return most < wanted ? most : wanted;
}

static sg_status add_boundary(sg_finding_state *state, const char *name, const float *latents,
                              const float *scores, const char *by, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const sg_scored_latents samples = {state->samples, state->width, latents, scores};
    sg_boundary_split split = {0};
    sg_boundary found = {0};
    sg_text source = {0};
    sg_status status = sg_boundary_split_create(&samples, find_share(state, scores),
                                                finding->train_share, finding->seed, &split, error);
    if (!status)
        status = sg_boundary_train(&samples, &split, finding->cost, &found, error);
    if (!status) {
        sg_text_append(&source, "boundary by %s, trained on 2 x %zu of %zu w", by, split.train,
                       state->samples);
        if (!isnan(found.validation_accuracy))
            sg_text_append(&source, ", right for %.1f %% of those held back",
                           100 * found.validation_accuracy);
        if (!isnan(found.remaining_accuracy))
            sg_text_append(&source, " and %.1f %% of the rest", 100 * found.remaining_accuracy);
        status = sg_finding_add(state, name, found.normal, 0, &source, error);
    }
    sg_boundary_split_clear(&split);
    sg_boundary_clear(&found);
    return status;
}

/* Takes the scores of attribute `index`, of the given ones or the classifier's answers. */
static void take_scores(const sg_finding_state *state, size_t index, float *scores)
{
    const sg_finding *finding = state->finding;
    const size_t count = finding->codes ? 0 : sg_attributes_count(finding->attributes);
    for (size_t i = 0; i < state->samples; i++)
        scores[i] = finding->codes ? finding->scores[i * finding->score_count + index]
                                   : (float)sg_attribute_score(finding->attributes,
                                                               state->logits + i * count, index);
}

static sg_status ask(sg_finding_state *state, sg_error *error)
{
    const sg_finding *finding = state->finding;
    if (finding->codes)
        return SG_OK;
    state->logits =
        sg_allocate(state->samples, sg_attributes_count(finding->attributes) * sizeof(double));
    if (!state->logits)
        return sg_fail_memory(error, "the answers for %zu pictures", state->samples);
    return sg_attributes_answer(finding->attributes, state->codes, state->samples, state->watch,
                                state->logits, error);
}

sg_status sg_find_boundary(sg_finding_state *state, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const size_t wanted = finding->codes ? finding->score_count : finding->wanted_count;
    SG_TRY(ask(state, error));
    float *scores = sg_allocate(state->samples, sizeof *scores);
    float *latents = sg_allocate(state->samples, state->width * sizeof *latents);
    sg_status status =
        scores && latents ? SG_OK : sg_fail_memory(error, "%zu samples", state->samples);
    for (size_t i = 0; !status && i < state->samples * state->width; i++)
        latents[i] = (float)state->codes[i];
    for (size_t i = 0; !status && i < wanted; i++) {
        const size_t index = finding->codes ? i : finding->wanted[i];
        take_scores(state, index, scores);
        status =
            finding->codes
                ? add_boundary(state, finding->score_names[i], latents, scores, "labels", error)
                : add_boundary(state, sg_attribute_name(finding->attributes, index), latents,
                               scores, sg_attributes_file(finding->attributes), error);
    }
    free(scores);
    free(latents);
    return status;
}

/* ---- gradients ---- */

/* Adds the gradient of log p of the attribute at code `index`, summed over the inputs that the
 * direction is for, to `sum` [width]. */
static sg_status add_gradient(const sg_finding_state *state, size_t attribute, size_t index,
                              double *sum, sg_error *error)
{
    const sg_finding *finding = state->finding;
    sg_context *context = sg_generator_parameters(finding->generator)->context;
    const size_t last = finding->last == SG_ALL_LAYERS ? state->num_ws - 1 : (size_t)finding->last;
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws = NULL;
    sg_tensor *gradient = NULL;
    sg_tensor *pictures = sg_finding_paint(state, index, &ws);
    sg_tensor *number = sg_attribute_log_probability(
        finding->attributes, sg_attribute_logits(finding->attributes, pictures), attribute);
    if (number)
        sg_gradient(number, NULL, &ws, 1, (sg_gradient_options){0}, &gradient);
    const sg_status status = sg_context_take_error(context, error);
    for (size_t i = (size_t)finding->first; !status && gradient && i <= last; i++)
        for (size_t k = 0; k < state->width; k++)
            sum[k] += sg_tensor_value(gradient, (int64_t)(i * state->width + k));
    sg_scope_close(context, scope, NULL);
    return status;
}

/* Counts pictures of all attributes as one work. */
static sg_status step(const sg_finding_state *state, size_t attribute, size_t index,
                      sg_error *error)
{
    const double done = (double)(attribute * state->samples + index + 1);
    const double total = (double)(state->finding->wanted_count * state->samples);
    return sg_watch_step(state->watch, done, total, NULL)
               ? sg_fail(error, SG_ERROR_CANCELLED, "interrupted")
               : SG_OK;
}

static sg_status find_one_gradient(sg_finding_state *state, size_t at, double *sum, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const size_t attribute = finding->wanted[at];
    sg_text source = {0};
    memset(sum, 0, state->width * sizeof *sum);
    for (size_t i = 0; i < state->samples; i++) {
        SG_TRY(add_gradient(state, attribute, i, sum, error));
        SG_TRY(step(state, at, i, error));
    }
    if (sg_vector_normalise(sum, state->width) == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the classifier's \"%s\" does not depend on w: its gradient is 0",
                       sg_attribute_name(finding->attributes, attribute));
    sg_text_append(&source, "mean gradient of log p by %s over %zu w of seed %u",
                   sg_attributes_file(finding->attributes), state->samples, finding->seed);
    return sg_finding_add(state, sg_attribute_name(finding->attributes, attribute), sum, 0, &source,
                          error);
}

sg_status sg_find_gradient(sg_finding_state *state, sg_error *error)
{
    sg_context *context = sg_generator_parameters(state->finding->generator)->context;
    double *sum = sg_allocate(state->width, sizeof *sum);
    sg_status status = sum ? SG_OK : sg_fail_memory(error, "a gradient");
    const bool recording = context->recording;
    context->recording = true;
    for (size_t i = 0; !status && i < state->finding->wanted_count; i++)
        status = find_one_gradient(state, i, sum, error);
    context->recording = recording;
    free(sum);
    return status;
}

/* ---- channels ---- */

/* Sums the gradients of log p with respect to all styles, over all codes. */
static sg_status sum_style_gradients(const sg_finding_state *state, const sg_style_space *space,
                                     size_t at, double *sums, double *gradient, sg_error *error)
{
    const sg_finding *finding = state->finding;
    sg_context *context = sg_generator_parameters(finding->generator)->context;
    for (size_t i = 0; i < state->samples; i++) {
        const size_t scope = sg_scope_open(context);
        sg_tensor *pictures = sg_finding_paint(state, i, NULL);
        sg_tensor *number = sg_attribute_log_probability(
            finding->attributes, sg_attribute_logits(finding->attributes, pictures),
            finding->wanted[at]);
        if (number)
            sg_style_gradient(space, number, gradient);
        const sg_status status = sg_context_take_error(context, error);
        sg_scope_close(context, scope, NULL);
        SG_TRY(status);
        for (size_t k = 0; k < space->channels; k++)
            sums[k] += gradient[k] / (double)state->samples;
        SG_TRY(step(state, at, i, error));
    }
    return SG_OK;
}

static sg_status add_channels(sg_finding_state *state, const sg_style_space *space,
                              const char *name, const sg_ranked_channel *list, size_t count,
                              double unit, sg_error *error)
{
    sg_text source = {0};
    sg_text_append(&source, "%zu %s by %s over %zu w of seed %u, log p changes by %.3g", count,
                   count == 1 ? "channel" : "channels",
                   sg_attributes_file(state->finding->attributes), state->samples,
                   state->finding->seed, count == 1 ? fabs(list[0].effect) : unit);
    return sg_channels_add(state->found, state->width, name, space, list, count, unit, &source,
                           error);
}

/* Adds all channels as one direction, a step of unit length in deviations, then each of them by
 * one deviation. */
static sg_status add_ranked(sg_finding_state *state, const sg_style_space *space, const char *name,
                            const sg_ranked_channel *list, sg_error *error)
{
    const size_t wanted = state->count;
    const size_t count = wanted < space->channels ? wanted : space->channels;
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += list[i].effect * list[i].effect;
    if (squares == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the classifier's \"%s\" does not depend on any style", name);
    SG_TRY(add_channels(state, space, name, list, count, sqrt(squares), error));
    for (size_t i = 0; i < count; i++) {
        char one[SG_LAYER_NAME_BYTES + 128];
        snprintf(one, sizeof one, "%.64s-%s.%zu", name, space->layers[list[i].layer].name,
                 list[i].channel);
        SG_TRY(add_channels(state, space, one, &list[i], 1, fabs(list[i].effect), error));
    }
    return SG_OK;
}

static sg_status find_channels(sg_finding_state *state, const sg_style_space *space,
                               sg_error *error)
{
    const sg_finding *finding = state->finding;
    sg_moments moments = {0};
    double *sums = sg_allocate(space->channels, sizeof *sums);
    double *gradient = sg_allocate(space->channels, sizeof *gradient);
    sg_ranked_channel *list = sg_allocate(space->channels, sizeof *list);
    sg_status status = sums && gradient && list
                           ? sg_style_moments(space, finding->seed, SG_RANKED_SAMPLES,
                                              finding->label, 1, &moments, error)
                           : sg_fail_memory(error, "%zu channels", space->channels);
    for (size_t i = 0; !status && i < finding->wanted_count; i++) {
        memset(sums, 0, space->channels * sizeof *sums);
        sg_generator_parameters(finding->generator)->context->recording = true;
        sg_style_space_require_gradient(space, true);
        status = sum_style_gradients(state, space, i, sums, gradient, error);
        sg_style_space_require_gradient(space, false);
        sg_generator_parameters(finding->generator)->context->recording = false;
        for (size_t k = 0; !status && k < space->channels; k++)
            sums[k] *= moments.deviation[k];
        if (!status)
            sg_channels_rank(space, &moments, sums, list);
        if (!status)
            status =
                add_ranked(state, space, sg_attribute_name(finding->attributes, finding->wanted[i]),
                           list, error);
    }
    sg_moments_clear(&moments);
    free(sums);
    free(gradient);
    free(list);
    return status;
}

sg_status sg_find_style_space(sg_finding_state *state, sg_error *error)
{
    sg_style_space space;
    SG_TRY(sg_style_space_open(state->finding->generator, &space, error));
    const sg_status status = find_channels(state, &space, error);
    sg_style_space_clear(&space);
    return status;
}
