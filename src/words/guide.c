/* Guides; see guide.h. */
#include "words/guide.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/reduce.h"
#include "tensor/context.h"

/* A wish, found. */
typedef struct aim {
    size_t index; /* of the attribute */
    double weight;
} aim;

struct sg_guide {
    sg_attributes *attributes;
    aim *aims; /* [count] */
    size_t count;
};

/* ---- making ---- */

static sg_status check_wishes(const sg_wish *wishes, size_t count, sg_error *error)
{
    if (count == 0 || count > SG_MOST_WISHES)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu aims are given, but pictures are steered towards 1 to %d", count,
                       SG_MOST_WISHES);
    for (size_t i = 0; i < count; i++)
        if (wishes[i].weight == 0 || !isfinite(wishes[i].weight))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "the weight of \"%s\" is %g, but must be above 0, or below 0 to steer "
                           "away from it",
                           wishes[i].name, wishes[i].weight);
    return SG_OK;
}

static sg_status find_attributes(sg_guide *guide, const char *classifier, sg_generator *generator,
                                 const sg_wish *wishes, sg_error *error)
{
    SG_TRY(sg_attributes_open(classifier, generator, &guide->attributes, error));
    for (size_t i = 0; i < guide->count; i++) {
        guide->aims[i].weight = wishes[i].weight;
        SG_TRY(sg_attribute_find(guide->attributes, wishes[i].name, &guide->aims[i].index, error));
    }
    return SG_OK;
}

sg_status sg_guide_towards(const char *classifier, sg_generator *generator, const sg_wish *wishes,
                           size_t count, sg_guide **guide, sg_error *error)
{
    *guide = NULL;
    SG_TRY(check_wishes(wishes, count, error));
    sg_guide *made = sg_allocate(1, sizeof *made);
    if (made)
        made->aims = sg_allocate(count, sizeof *made->aims);
    if (!made || !made->aims) {
        sg_guide_close(made);
        return sg_fail_memory(error, "%zu aims", count);
    }
    made->count = count;
    const sg_status status = find_attributes(made, classifier, generator, wishes, error);
    if (status)
        sg_guide_close(made);
    else
        *guide = made;
    return status;
}

void sg_guide_close(sg_guide *guide)
{
    if (!guide)
        return;
    sg_attributes_close(guide->attributes);
    free(guide->aims);
    free(guide);
}

size_t sg_guide_count(const sg_guide *guide)
{
    return guide->count;
}

/* ---- the loss ---- */

/* -log p = log(1 + e^-odds); -log(1 - p) = log(1 + e^odds). */
sg_tensor *sg_guide_loss(const sg_guide *guide, sg_tensor *pictures)
{
    sg_tensor *logits = sg_attribute_logits(guide->attributes, pictures);
    sg_tensor *loss = NULL;
    for (size_t i = 0; logits && i < guide->count; i++) {
        const aim *one = &guide->aims[i];
        sg_tensor *odds = sg_attribute_odds(guide->attributes, logits, one->index);
        sg_tensor *missed = sg_mean_all(sg_softplus(sg_affine(odds, one->weight > 0 ? -1 : 1, 0)));
        sg_tensor *term = sg_affine(missed, fabs(one->weight), 0);
        loss = loss ? sg_add(loss, term) : term;
    }
    return loss;
}

/* ---- answers ---- */

sg_status sg_guide_answer(const sg_guide *guide, sg_tensor *pictures, double *answers,
                          sg_error *error)
{
    sg_context *context = pictures->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    context->recording = false;
    sg_tensor *logits = sg_attribute_logits(guide->attributes, pictures);
    for (size_t i = 0; logits && i < guide->count; i++) {
        const sg_tensor *odds = sg_attribute_odds(guide->attributes, logits, guide->aims[i].index);
        for (int64_t n = 0; odds && n < pictures->shape.size[0]; n++)
            answers[(size_t)n * guide->count + i] = 1 / (1 + exp(-sg_tensor_value(odds, n)));
    }
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}
