/* Guides; see guide.h. */
#include "words/guide.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/matmul.h"
#include "ops/reduce.h"
#include "tensor/context.h"

enum { NAME_BYTES = 128 };

/* A wish, found; or an answer to keep. */
typedef struct aim {
    size_t index; /* of the attribute */
    double weight;
    double start;   /* the probability that is kept */
    char *text;     /* owned; NULL: an attribute */
    sg_tensor *row; /* [1, width], of unit length: of the text; owned */
} aim;

struct sg_guide {
    sg_attributes *attributes;
    const sg_clip *clip;
    sg_clip_view view;
    aim aims[SG_MOST_WISHES];
    aim *kept; /* [kept_count] */
    size_t count, kept_count, text_count;
    bool started;
};

/* ---- making ---- */

static sg_status check_wishes(const sg_guide *guide, const sg_wish *wishes, size_t count,
                              sg_error *error)
{
    if (count == 0 || count > SG_MOST_WISHES - guide->count)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu aims are given, but pictures are steered towards 1 to %d",
                       guide->count + count, SG_MOST_WISHES);
    for (size_t i = 0; i < count; i++)
        if (wishes[i].weight == 0 || !isfinite(wishes[i].weight))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "the weight of \"%s\" is %g, but must be above 0, or below 0 to steer "
                           "away from it",
                           wishes[i].name, wishes[i].weight);
    return SG_OK;
}

sg_guide *sg_guide_create(void)
{
    return sg_allocate(1, sizeof(sg_guide));
}

static sg_status add_attributes(sg_guide *guide, const char *classifier, sg_generator *generator,
                                const sg_wish *wishes, size_t count, sg_error *error)
{
    SG_TRY(check_wishes(guide, wishes, count, error));
    SG_TRY(sg_attributes_open(classifier, generator, &guide->attributes, error));
    for (size_t i = 0; i < count; i++) {
        aim *one = &guide->aims[guide->count];
        one->weight = wishes[i].weight;
        SG_TRY(sg_attribute_find(guide->attributes, wishes[i].name, &one->index, error));
        guide->count++;
    }
    return SG_OK;
}

sg_status sg_guide_towards(const char *classifier, sg_generator *generator, const sg_wish *wishes,
                           size_t count, sg_guide **guide, sg_error *error)
{
    *guide = NULL;
    sg_guide *made = sg_guide_create();
    if (!made)
        return sg_fail_memory(error, "%zu aims", count);
    const sg_status status = add_attributes(made, classifier, generator, wishes, count, error);
    if (status)
        sg_guide_close(made);
    else
        *guide = made;
    return status;
}

sg_status sg_guide_add_rows(sg_guide *guide, const sg_guide_texts *texts, sg_tensor *rows,
                            sg_error *error)
{
    guide->clip = texts->clip;
    guide->view = texts->view;
    SG_TRY(check_wishes(guide, texts->wishes, texts->count, error));
    for (size_t i = 0; i < texts->count; i++) {
        aim *one = &guide->aims[guide->count++];
        one->weight = texts->wishes[i].weight;
        one->text = sg_duplicate_text(texts->wishes[i].name);
        one->row = sg_tensor_retain(sg_slice(rows, 0, (int64_t)i, 1));
        guide->text_count++;
        if (!one->text)
            return sg_fail_memory(error, "a text");
    }
    return sg_context_take_error(texts->context, error);
}

/* Makes directions from the text `from` of the rows. Fails for a text that is the same. */
static sg_status take_directions(const sg_guide_texts *texts, sg_tensor **rows, sg_error *error)
{
    sg_tensor *from = NULL;
    SG_TRY(sg_clip_texts(texts->clip, &texts->from, 1, &from, error));
    sg_tensor *moved = sg_subtract(*rows, sg_clip_unit(from));
    for (size_t i = 0; moved && i < texts->count; i++) {
        const sg_tensor *one = sg_slice(moved, 0, (int64_t)i, 1);
        double square = 0;
        for (int64_t k = 0; one && k < sg_tensor_count(one); k++)
            square += pow(sg_tensor_value(one, k), 2);
        if (one && square < 1e-8)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "the texts \"%s\" and \"%s\" are the same to CLIP, so that no direction "
                           "leads from one to the other",
                           texts->from, texts->wishes[i].name);
    }
    *rows = sg_clip_unit(moved);
    return SG_OK;
}

/* Computes the rows of the texts in the innermost scope. */
static sg_status read_texts(const sg_guide_texts *texts, sg_tensor **rows, sg_error *error)
{
    const char *list[SG_MOST_WISHES];
    for (size_t i = 0; i < texts->count; i++)
        list[i] = texts->wishes[i].name;
    SG_TRY(sg_clip_texts(texts->clip, list, texts->count, rows, error));
    *rows = sg_clip_unit(*rows);
    return texts->from ? take_directions(texts, rows, error) : SG_OK;
}

sg_status sg_guide_add_texts(sg_guide *guide, const sg_guide_texts *texts, sg_error *error)
{
    sg_context *context = texts->context;
    SG_TRY(check_wishes(guide, texts->wishes, texts->count, error));
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    sg_tensor *rows = NULL;
    context->recording = false;
    sg_status status = read_texts(texts, &rows, error);
    if (!status)
        status = rows ? sg_guide_add_rows(guide, texts, rows, error)
                      : sg_context_take_error(context, error);
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return status;
}

void sg_guide_close(sg_guide *guide)
{
    if (!guide)
        return;
    sg_attributes_close(guide->attributes);
    for (size_t i = 0; i < guide->count; i++) {
        free(guide->aims[i].text);
        sg_tensor_release(guide->aims[i].row);
    }
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
    return one->text ? one->text : sg_attribute_name(guide->attributes, one->index);
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
            wished = wished || (!guide->aims[i].text &&
                                sg_attribute_is_about(guide->attributes, guide->aims[i].index, k));
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

/* What the networks say of pictures; a member is NULL where nobody asks, or on failure. */
typedef struct seen {
    sg_tensor *logits;   /* [N, attributes] */
    sg_tensor *features; /* [N, width], of unit length */
} seen;

static seen look(const sg_guide *guide, sg_tensor *pictures)
{
    seen found = {NULL, NULL};
    if (guide->count > guide->text_count || guide->kept_count > 0)
        found.logits = sg_attribute_logits(guide->attributes, pictures);
    if (guide->text_count > 0)
        found.features = sg_clip_unit(
            sg_clip_image(guide->clip, sg_clip_view_of(guide->clip, pictures, guide->view)));
    return found;
}

/* Returns `sum`, or NULL before the first term, and the term. */
static sg_tensor *add_term(sg_tensor *sum, sg_tensor *term)
{
    return sum ? sg_add(sum, term) : term;
}

/* -log p = log(1 + e^-odds); -log(1 - p) = log(1 + e^odds). */
static sg_tensor *missed_attribute(const sg_guide *guide, const aim *one, sg_tensor *logits)
{
    sg_tensor *odds = sg_attribute_odds(guide->attributes, logits, one->index);
    return sg_affine(sg_mean_all(sg_softplus(sg_affine(odds, one->weight > 0 ? -1 : 1, 0))),
                     fabs(one->weight), 0);
}

/* Returns the cosines [N, 1] of pictures with a text. */
static sg_tensor *cosines(const aim *one, sg_tensor *features)
{
    return sg_matmul(features, false, one->row, true, 1);
}

static sg_tensor *missed_text(const sg_guide *guide, const aim *one, sg_tensor *features)
{
    const double scale = sg_clip_logit_scale(guide->clip) / 100;
    return sg_affine(sg_mean_all(cosines(one, features)), -scale * one->weight, one->weight);
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
    return sg_affine(sg_mean_all(cross), one->weight, -one->weight * least);
}

sg_tensor *sg_guide_loss(const sg_guide *guide, sg_tensor *pictures)
{
    if (!pictures)
        return NULL;
    const seen found = look(guide, pictures);
    sg_tensor *loss = NULL;
    for (size_t i = 0; i < guide->count; i++) {
        const aim *one = &guide->aims[i];
        loss = add_term(loss, one->text ? missed_text(guide, one, found.features)
                                        : missed_attribute(guide, one, found.logits));
    }
    for (size_t i = 0; guide->started && i < guide->kept_count; i++)
        loss = add_term(loss, strayed(guide, &guide->kept[i], found.logits));
    return loss;
}

/* ---- answers ---- */

/* Writes the answers about one aim, with so many numbers from one picture to the next. */
static void answer(const sg_guide *guide, const aim *one, const seen *found, size_t stride,
                   double *answers)
{
    const sg_tensor *values = one->text
                                  ? cosines(one, found->features)
                                  : sg_attribute_odds(guide->attributes, found->logits, one->index);
    for (int64_t n = 0; values && n < sg_tensor_count(values); n++) {
        const double value = sg_tensor_value(values, n);
        answers[(size_t)n * stride] = one->text ? value : 1 / (1 + exp(-value));
    }
}

sg_status sg_guide_answer(const sg_guide *guide, sg_tensor *pictures, double *answers,
                          sg_error *error)
{
    sg_context *context = pictures->context;
    const bool recording = context->recording;
    const size_t scope = sg_scope_open(context);
    const size_t stride = guide->count + guide->kept_count;
    context->recording = false;
    const seen found = look(guide, pictures);
    for (size_t i = 0; i < stride; i++)
        answer(guide, i < guide->count ? &guide->aims[i] : &guide->kept[i - guide->count], &found,
               stride, answers + i);
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return sg_context_take_error(context, error);
}
