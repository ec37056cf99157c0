/*
 * What a generator is moved to; see nada_goal.h.
 * Tested by: tests/cli/test_train_nada.c
 */
#include "train/step/nada_goal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "edit/directions/attributes.h"
#include "features/clip/clip.h"
#include "ops/arithmetic.h"
#include "tensor/context.h"
#include "train/losses/nada.h"
#include "train/options/nada_options.h"
#include "words/guide.h"

/* ---- attributes ---- */

/* Splits "NAME=WEIGHT,..." in place; a name without a weight has 1. */
static sg_status read_wishes(char *text, sg_wish *wishes, size_t *count, sg_error *error)
{
    char *rest = NULL;
    *count = 0;
    for (char *item = strtok_r(text, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
        char *equals = strrchr(item, '=');
        char *end = NULL;
        if (*count == SG_MOST_WISHES)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"towards\" names more than %d attributes",
                           SG_MOST_WISHES);
        sg_wish *wish = &wishes[(*count)++];
        *wish = (sg_wish){item, equals ? strtod(equals + 1, &end) : 1};
        if (equals && (end == equals + 1 || *end || !isfinite(wish->weight)))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"towards\" has \"%.100s\", but must be a list like smile or "
                           "smile=1,glasses=-0.5",
                           item);
        if (equals)
            *equals = '\0';
    }
    return SG_OK;
}

/* Adds the weight of a wish to each output that it is about: of "NAME+NAME" to several. */
static sg_status add_weight(sg_nada_goal *goal, const sg_wish *wish, sg_tensor *weights,
                            sg_error *error)
{
    size_t index = 0;
    SG_TRY(sg_attribute_find(goal->attributes, wish->name, &index, error));
    for (int64_t i = 0; i < sg_tensor_count(weights); i++)
        if (sg_attribute_is_about(goal->attributes, index, (size_t)i))
            sg_tensor_set_value(weights, i, sg_tensor_value(weights, i) + wish->weight);
    return SG_OK;
}

/* Fails for weights that are all 0: such a direction has no length. */
static sg_status check_weights(const sg_tensor *weights, sg_error *error)
{
    bool moves = false;
    for (int64_t i = 0; i < sg_tensor_count(weights); i++)
        moves = moves || sg_tensor_value(weights, i) != 0;
    return moves ? SG_OK
                 : sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"towards\" asks for nothing: the weights of its attributes are 0, or "
                           "their sums are");
}

/* Makes the direction of logits in which all attributes that are not named stay. */
static sg_status set_direction(sg_nada_goal *goal, sg_context *context, const sg_wish *wishes,
                               size_t count, sg_error *error)
{
    const int64_t width = (int64_t)sg_attributes_count(goal->attributes);
    sg_tensor *none = sg_tensor_full(context, SG_F32, SG_SHAPE(1, width), 0);
    sg_tensor *weights = sg_tensor_full(context, SG_F32, SG_SHAPE(1, width), 0);
    if (!none || !weights)
        return sg_context_take_error(context, error);
    for (size_t i = 0; i < count; i++)
        SG_TRY(add_weight(goal, &wishes[i], weights, error));
    SG_TRY(check_weights(weights, error));
    goal->wanted = sg_tensor_retain(sg_nada_direction(none, weights));
    return goal->wanted ? SG_OK : sg_context_take_error(context, error);
}

static sg_status find_attributes(sg_nada_goal *goal, const char *classifier, char *towards,
                                 sg_generator *generator, sg_error *error)
{
    sg_wish wishes[SG_MOST_WISHES];
    size_t count = 0;
    sg_context *context = sg_generator_parameters(generator)->context;
    SG_TRY(read_wishes(towards, wishes, &count, error));
    SG_TRY(sg_guide_towards(classifier, generator, wishes, count, &goal->guide, error));
    SG_TRY(sg_attributes_open(classifier, generator, &goal->attributes, error));
    const size_t scope = sg_scope_open(context);
    const sg_status status = set_direction(goal, context, wishes, count, error);
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_nada_goal_towards(const char *classifier, const char *towards, sg_generator *generator,
                               sg_nada_goal **goal, sg_error *error)
{
    char list[SG_WORDS_BYTES];
    snprintf(list, sizeof list, "%s", towards);
    *goal = sg_allocate(1, sizeof **goal);
    if (!*goal)
        return sg_fail_memory(error, "a goal");
    const sg_status status = find_attributes(*goal, classifier, list, generator, error);
    if (status) {
        sg_nada_goal_close(*goal);
        *goal = NULL;
    }
    return status;
}

/* ---- CLIP ---- */

/* Makes an empty goal that owns the towers; closes them on failure. */
static sg_nada_goal *create(sg_clip *clip, sg_error *error)
{
    sg_nada_goal *goal = sg_allocate(1, sizeof *goal);
    if (goal)
        goal->clip = clip;
    else
        sg_clip_close(clip);
    if (!goal)
        (void)sg_fail_memory(error, "a goal");
    return goal;
}

/* Returns the features, of unit length, of texts. */
static sg_tensor *read_texts(const sg_clip *clip, const char *const *texts, size_t count,
                             sg_error *error)
{
    sg_tensor *features = NULL;
    return sg_clip_texts(clip, texts, count, &features, error) ? NULL : sg_clip_unit(features);
}

/* Ends the making of a goal: what went wrong is in `error` or in the context. */
static sg_status finish(sg_nada_goal *made, sg_context *context, bool whole, sg_nada_goal **goal,
                        sg_error *error)
{
    sg_error *found = &context->error;
    sg_status status = SG_OK;
    if (!whole)
        status = found->status ? sg_context_take_error(context, error) : error->status;
    if (status)
        sg_nada_goal_close(made);
    else
        *goal = made;
    return status;
}

sg_status sg_nada_goal_texts(sg_clip *clip, sg_context *context, const sg_nada_prompts *source,
                             const sg_nada_prompts *target, sg_nada_goal **goal, sg_error *error)
{
    sg_error reason = {0};
    *goal = NULL;
    sg_nada_goal *made = create(clip, error);
    if (!made)
        return SG_ERROR_MEMORY;
    const size_t scope = sg_scope_open(context);
    sg_tensor *plain = read_texts(clip, &target->text, 1, &reason);
    sg_tensor *from =
        plain && source ? read_texts(clip, source->prompts, source->count, &reason) : NULL;
    sg_tensor *to = from ? read_texts(clip, target->prompts, target->count, &reason) : NULL;
    made->target = sg_tensor_retain(plain);
    made->scale = sg_clip_logit_scale(clip) / 100;
    if (to) {
        made->wanted = sg_tensor_retain(sg_nada_direction(from, to));
        made->cosine = sg_nada_cosine(from, to);
    }
    sg_scope_close(context, scope, NULL);
    const sg_status status =
        finish(made, context, made->target && (made->wanted || !source), goal, &reason);
    return status ? sg_fail(error, status, "%s", reason.message) : SG_OK;
}

sg_status sg_nada_goal_pictures(sg_clip *clip, sg_tensor *painted, sg_tensor *wanted,
                                sg_nada_goal **goal, sg_error *error)
{
    sg_error reason = {.status = SG_ERROR_MEMORY};
    sg_context *context = wanted->context;
    *goal = NULL;
    sg_nada_goal *made = create(clip, error);
    if (!made)
        return SG_ERROR_MEMORY;
    const size_t scope = sg_scope_open(context);
    made->wanted = sg_tensor_retain(sg_nada_direction(painted, wanted));
    made->target = sg_tensor_retain(wanted);
    made->scale = 1;
    sg_scope_close(context, scope, NULL);
    const sg_status status = finish(made, context, made->wanted && made->target, goal, &reason);
    return status ? sg_fail(error, status, "%s", reason.message) : SG_OK;
}

void sg_nada_goal_close(sg_nada_goal *goal)
{
    if (!goal)
        return;
    sg_clip_close(goal->clip);
    sg_tensor_release(goal->target);
    sg_tensor_release(goal->wanted);
    sg_guide_close(goal->guide);
    sg_attributes_close(goal->attributes);
    free(goal);
}

/* ---- losses ---- */

sg_tensor *sg_nada_goal_features(const sg_nada_goal *goal, sg_tensor *pictures)
{
    if (goal->clip)
        return sg_clip_look(goal->clip, pictures);
    return sg_attribute_logits(goal->attributes, pictures);
}

sg_tensor *sg_nada_goal_distance(const sg_nada_goal *goal, sg_tensor *pictures)
{
    /* 1 - scale * cos, as a search of w has it (words/guide.h). */
    if (goal->clip)
        return sg_affine(sg_nada_global(sg_nada_goal_features(goal, pictures), goal->target),
                         goal->scale, 1 - goal->scale);
    return sg_guide_loss(goal->guide, pictures);
}
