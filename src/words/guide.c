/* Guides; see guide.h. */
#include "words/guide.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/reduce.h"
#include "tensor/context.h"

enum { NAME_BYTES = 128 };

/* A wish, found; or an answer to keep. */
typedef struct aim {
    size_t index; /* of the attribute */
    double weight;
    double start; /* the probability that is kept */
} aim;

struct sg_guide {
    sg_attributes *attributes;
    aim *aims, *kept; /* [count], [kept_count] */
    size_t count, kept_count;
    bool started;
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
    free(guide->kept);
    free(guide);
}

size_t sg_guide_count(const sg_guide *guide)
{
    return guide->count;
}

size_t sg_guide_kept(const sg_guide *guide)
{
    return guide->kept_count;
}

const char *sg_guide_name(const sg_guide *guide, size_t index)
{
    const aim *one =
        index < guide->count ? &guide->aims[index] : &guide->kept[index - guide->count];
    return sg_attribute_name(guide->attributes, one->index);
}

/* ---- answers to keep ---- */

/* Adds an answer, unless it is one to keep already. */
static void add_kept(sg_guide *guide, size_t index, double weight)
{
    for (size_t i = 0; i < guide->kept_count; i++)
        if (guide->kept[i].index == index)
            return;
    guide->kept[guide->kept_count++] = (aim){.index = index, .weight = weight};
}

/* Adds all answers that no wish is about, alone or together with others. */
static void keep_all(sg_guide *guide, double weight)
{
    for (size_t k = 0; k < sg_attributes_count(guide->attributes); k++) {
        bool wished = false;
        for (size_t i = 0; i < guide->count; i++)
            wished = wished || sg_attribute_is_about(guide->attributes, guide->aims[i].index, k);
        if (!wished)
            add_kept(guide, k, weight);
    }
}

static sg_status keep_named(sg_guide *guide, const char *names, double weight, sg_error *error)
{
    const size_t most = sg_attributes_count(guide->attributes);
    for (const char *at = names; *at;) {
        char name[NAME_BYTES];
        size_t index = 0;
        const size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        SG_TRY(sg_attribute_find(guide->attributes, name, &index, error));
        if (guide->kept_count == most)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"keep\" names more answers than the %zu of the classifier", most);
        add_kept(guide, index, weight);
        at += length + (at[length] == ',');
    }
    return SG_OK;
}

sg_status sg_guide_keep(sg_guide *guide, const char *classifier, sg_generator *generator,
                        const char *names, double weight, sg_error *error)
{
    if (classifier && !guide->attributes)
        SG_TRY(sg_attributes_open(classifier, generator, &guide->attributes, error));
    guide->kept = sg_allocate(sg_attributes_count(guide->attributes), sizeof *guide->kept);
    if (!guide->kept)
        return sg_fail_memory(error, "answers to keep");
    if (strcmp(names, "all") != 0)
        return keep_named(guide, names, weight, error);
    keep_all(guide, weight);
    return SG_OK;
}

sg_status sg_guide_start(sg_guide *guide, sg_tensor *picture, sg_error *error)
{
    double *answers = sg_allocate(guide->count + guide->kept_count, sizeof *answers);
    if (!answers)
        return sg_fail_memory(error, "answers to keep");
    const sg_status status = sg_guide_answer(guide, picture, answers, error);
    for (size_t i = 0; i < guide->kept_count; i++)
        guide->kept[i].start = answers[guide->count + i];
    guide->started = !status;
    free(answers);
    return status;
}

/* ---- the loss ---- */

/* Returns `sum` and the term times its weight. */
static sg_tensor *add_term(sg_tensor *sum, sg_tensor *term, double weight)
{
    sg_tensor *weighted = sg_affine(term, weight, 0);
    return sum ? sg_add(sum, weighted) : weighted;
}

/* -log p = log(1 + e^-odds); -log(1 - p) = log(1 + e^odds). */
static sg_tensor *missed(const sg_guide *guide, const aim *one, sg_tensor *logits)
{
    sg_tensor *odds = sg_attribute_odds(guide->attributes, logits, one->index);
    return sg_mean_all(sg_softplus(sg_affine(odds, one->weight > 0 ? -1 : 1, 0)));
}

/*
 * The divergence of p from the start's p0 is -p0 log p - (1 - p0) log(1 - p) = log(1 + e^odds) -
 * p0 odds, less the same of p0 itself.
 */
static sg_tensor *strayed(const sg_guide *guide, const aim *one, sg_tensor *logits)
{
    const double p0 = fmin(fmax(one->start, 1e-12), 1 - 1e-12);
    const double least = -p0 * log(p0) - (1 - p0) * log1p(-p0);
    sg_tensor *odds = sg_attribute_odds(guide->attributes, logits, one->index);
    sg_tensor *cross = sg_subtract(sg_softplus(odds), sg_affine(odds, p0, 0));
    return sg_affine(sg_mean_all(cross), 1, -least);
}

sg_tensor *sg_guide_loss(const sg_guide *guide, sg_tensor *pictures)
{
    sg_tensor *logits = sg_attribute_logits(guide->attributes, pictures);
    sg_tensor *loss = NULL;
    for (size_t i = 0; logits && i < guide->count; i++)
        loss = add_term(loss, missed(guide, &guide->aims[i], logits), fabs(guide->aims[i].weight));
    for (size_t i = 0; logits && guide->started && i < guide->kept_count; i++)
        loss = add_term(loss, strayed(guide, &guide->kept[i], logits), guide->kept[i].weight);
    return loss;
}

/* ---- answers ---- */

/* Writes the probabilities of one attribute, with so many numbers from one picture to the next. */
static void answer(const sg_guide *guide, const aim *one, sg_tensor *logits, size_t stride,
                   double *answers)
{
    const sg_tensor *odds = sg_attribute_odds(guide->attributes, logits, one->index);
    for (int64_t n = 0; odds && n < sg_tensor_count(odds); n++)
        answers[(size_t)n * stride] = 1 / (1 + exp(-sg_tensor_value(odds, n)));
}

sg_status sg_guide_answer(const sg_guide *guide, sg_tensor *pictures, double *answers,
                          sg_error *error)
{
    sg_context *context = pictures->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    const size_t stride = guide->count + guide->kept_count;
    context->recording = false;
    sg_tensor *logits = sg_attribute_logits(guide->attributes, pictures);
    for (size_t i = 0; logits && i < stride; i++)
        answer(guide, i < guide->count ? &guide->aims[i] : &guide->kept[i - guide->count], logits,
               stride, answers + i);
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}
