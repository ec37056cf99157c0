/*
 * Directions between texts: the channels of StyleSpace that matter for CLIP (StyleCLIP's global
 * directions, Patashnik et al. 2021, section 6).
 *
 * Tested by: tests/edit/directions/test_find_text.c
 */
#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "edit/directions/channel_features.h"
#include "edit/directions/finding_state.h"
#include "edit/directions/ranked_channels.h"
#include "ops/arithmetic.h"
#include "ops/reduce.h"
#include "tensor/context.h"

/* ---- texts ---- */

/* Makes the mean [1, width] of the features of a text's prompts, of unit length; NULL where the
 * context has an error. */
static sg_status find_mean(const sg_finding *finding, const sg_prompts *prompts, sg_tensor **mean,
                           sg_error *error)
{
    sg_tensor *rows = NULL;
    SG_TRY(sg_clip_texts(finding->clip, (const char *const *)prompts->texts, prompts->count, &rows,
                         error));
    rows = sg_clip_unit(rows);
    *mean = rows ? sg_clip_unit(sg_mean(rows, SG_SHAPE(1, rows->shape.size[1]))) : NULL;
    return SG_OK;
}

/* Writes the direction [width] from one text to the other, of unit length. */
static sg_status find_direction(const sg_finding *finding, double *direction, sg_error *error)
{
    sg_context *context = sg_generator_parameters(finding->generator)->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *from = NULL;
    sg_tensor *to = NULL;
    sg_status status = find_mean(finding, finding->from_prompts, &from, error);
    if (!status)
        status = find_mean(finding, finding->to_prompts, &to, error);
    const sg_tensor *moved = from && to ? sg_subtract(to, from) : NULL;
    if (!status)
        status = sg_context_take_error(context, error);
    double square = 0;
    for (int64_t k = 0; !status && k < sg_tensor_count(moved); k++)
        square += pow(direction[k] = sg_tensor_value(moved, k), 2);
    for (int64_t k = 0; !status && k < sg_tensor_count(moved); k++)
        direction[k] /= sqrt(square);
    sg_scope_close(context, scope, NULL);
    if (!status && square < 1e-8)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "the texts \"%s\" and \"%s\" are the same to CLIP, so that no direction leads "
            "from one to the other",
            finding->from_text, finding->to_text);
    return status;
}

/* ---- channels ---- */

/* Computes the cosine between what each channel does and the direction that is wanted. */
static void find_relevance(const sg_channel_features *features, const double *direction,
                           double *cosines)
{
    for (size_t i = 0; i < features->channels; i++) {
        cosines[i] = 0;
        for (size_t k = 0; k < features->width; k++)
            cosines[i] += (double)features->values[i * features->width + k] * direction[k];
    }
}

/* Counts the channels that reach the threshold, and no more than were asked for. */
static size_t count_relevant(const sg_finding *finding, const sg_ranked_channel *list,
                             size_t channels)
{
    size_t count = 0;
    while (count < channels && fabs(list[count].effect) >= finding->threshold &&
           list[count].effect != 0 && (finding->count == 0 || count < finding->count))
        count++;
    return count;
}

/* Adds the direction: of each channel its share of the most relevant one, in its deviations. */
static sg_status add(sg_finding_state *state, const sg_style_space *space,
                     const sg_ranked_channel *list, sg_error *error)
{
    const sg_finding *finding = state->finding;
    const size_t count = count_relevant(finding, list, space->channels);
    const double most = fabs(list[0].effect);
    sg_text source = {0};
    if (count == 0)
        return sg_fail(
            error, SG_ERROR_ARGUMENT,
            "\"threshold\" is %g, but the relevance of the most relevant channel is %.3g",
            finding->threshold, most);
    sg_text_append(
        &source,
        "from \"%s\" by CLIP, %zu of %zu channels, relevance %.3g to %.3g, over %zu w of "
        "seed %u",
        finding->from_text, count, space->channels, most, fabs(list[count - 1].effect),
        state->samples, finding->seed);
    return sg_channels_add(state->found, state->width, finding->to_text, space, list, count,
                           most / finding->strength, &source, error);
}

static sg_status find_in(sg_finding_state *state, const sg_style_space *space, sg_error *error)
{
    const sg_finding *finding = state->finding;
    sg_moments moments = {0};
    sg_channel_features features = {0};
    double *direction = sg_allocate(sg_clip_width(finding->clip), sizeof *direction);
    double *cosines = sg_allocate(space->channels, sizeof *cosines);
    sg_ranked_channel *list = sg_allocate(space->channels, sizeof *list);
    sg_status status = direction && cosines && list
                           ? find_direction(finding, direction, error)
                           : sg_fail_memory(error, "%zu channels", space->channels);
    if (!status)
        status = sg_style_moments(space, finding->seed, SG_RANKED_SAMPLES, finding->label, 1,
                                  &moments, error);
    if (!status)
        status = sg_channel_features_find(state, space, &moments, &features, error);
    if (!status) {
        find_relevance(&features, direction, cosines);
        sg_channels_rank(space, &moments, cosines, list);
        status = add(state, space, list, error);
    }
    sg_channel_features_clear(&features);
    sg_moments_clear(&moments);
    free(direction);
    free(cosines);
    free(list);
    return status;
}

sg_status sg_find_text(sg_finding_state *state, sg_error *error)
{
    sg_style_space space;
    SG_TRY(sg_style_space_open(state->finding->generator, &space, error));
    const sg_status status = find_in(state, &space, error);
    sg_style_space_clear(&space);
    return status;
}
