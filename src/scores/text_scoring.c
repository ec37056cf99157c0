/*
 * Pictures and texts through CLIP. Pictures are of any size, so each is brought to the tower's
 * before some of them go through it together.
 *
 * Tested by: tests/cli/test_score_text.c
 */
#include "scores/text_scoring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "features/clip/clip.h"
#include "image/channels.h"
#include "metrics/formulas/text_fit.h"
#include "ops/layout.h"
#include "scores/picture_walk.h"

enum { BATCH = 8, CHANNELS = 3 };

struct sg_text_scoring {
    sg_context *context;
    sg_clip *clip;
    size_t texts, width;
    float *features;                /* [texts, width] */
    double *scores, *probabilities; /* [texts] */
};

/* ---- opening ---- */

static sg_status read_texts(sg_text_scoring *s, const char *const *texts, sg_error *error)
{
    sg_tensor *features = NULL;
    const size_t scope = sg_scope_open(s->context);
    const sg_status status = sg_clip_texts(s->clip, texts, s->texts, &features, error);
    if (!status)
        memcpy(s->features, sg_f32(features), s->texts * s->width * sizeof *s->features);
    sg_scope_close(s->context, scope, NULL);
    return status;
}

static sg_status open_all(sg_text_scoring *s, const char *const *files, size_t file_count,
                          const char *const *texts, sg_error *error)
{
    SG_TRY(sg_clip_find(&s->clip, s->context, SG_F32, files, file_count, error));
    s->width = sg_clip_width(s->clip);
    s->features = sg_allocate(s->texts, s->width * sizeof *s->features);
    s->scores = sg_allocate(s->texts, sizeof *s->scores);
    s->probabilities = sg_allocate(s->texts, sizeof *s->probabilities);
    if (!s->features || !s->scores || !s->probabilities)
        return sg_fail_memory(error, "%zu texts", s->texts);
    return read_texts(s, texts, error);
}

sg_status sg_text_scoring_open(const char *const *files, size_t file_count,
                               const char *const *texts, size_t text_count,
                               const sg_context_options *compute, sg_text_scoring **scoring,
                               sg_error *error)
{
    sg_text_scoring *s = sg_allocate(1, sizeof *s);
    *scoring = NULL;
    if (s)
        s->context = sg_context_create_with(compute);
    if (!s || !s->context) {
        free(s);
        return sg_fail_memory(error, "a context");
    }
    s->texts = text_count;
    const sg_status status = open_all(s, files, file_count, texts, error);
    if (status)
        sg_text_scoring_close(s);
    else
        *scoring = s;
    return status;
}

void sg_text_scoring_close(sg_text_scoring *s)
{
    if (!s)
        return;
    sg_clip_close(s->clip);
    sg_context_destroy(s->context);
    free(s->features);
    free(s->scores);
    free(s->probabilities);
    free(s);
}

/* ---- answers ---- */

/* Pictures that are scored next. */
typedef struct gathering {
    sg_text_scoring *scoring;
    const sg_watch *watch;
    void *user;
    sg_text_answer_function answer;
    size_t done, total, count;
    char *files[BATCH];
    float *pictures; /* [BATCH, side, side, 3], as the tower takes them */
    size_t values;   /* of a picture */
} gathering;

/* Turns the cosines of scores, of either sign, into probabilities. */
static void make_probable(const sg_text_scoring *s, double *cosines)
{
    double top = cosines[0];
    double sum = 0;
    for (size_t k = 1; k < s->texts; k++)
        top = fmax(top, cosines[k]);
    for (size_t k = 0; k < s->texts; k++) {
        cosines[k] = exp(sg_clip_logit_scale(s->clip) * (cosines[k] - top));
        sum += cosines[k];
    }
    for (size_t k = 0; k < s->texts; k++)
        cosines[k] /= sum;
}

static void tell(const gathering *g, size_t index, const float *features, const float *unit_texts,
                 const float *unit)
{
    const sg_text_scoring *s = g->scoring;
    for (size_t k = 0; k < s->texts; k++) {
        s->scores[k] = sg_text_fit(features, s->features + k * s->width, s->width);
        s->probabilities[k] = 0;
        for (size_t i = 0; i < s->width; i++)
            s->probabilities[k] += (double)unit[i] * (double)unit_texts[k * s->width + i];
    }
    make_probable(s, s->probabilities);
    const sg_text_answer answer = {g->files[index], s->scores, s->probabilities, s->texts};
    g->answer(g->user, &answer);
}

static void forget(gathering *g)
{
    for (size_t i = 0; i < g->count; i++)
        free(g->files[i]);
    g->count = 0;
}

/* Computes the features of the gathered pictures and tells them. */
static sg_status answer_all(gathering *g, sg_error *error)
{
    const sg_text_scoring *s = g->scoring;
    const int64_t side = (int64_t)sg_clip_image_side(s->clip);
    sg_tensor *pictures = sg_tensor_from_floats(
        s->context, SG_F32, SG_SHAPE((int64_t)g->count, side, side, CHANNELS), g->pictures);
    sg_tensor *features = sg_clip_image(s->clip, pictures);
    const sg_tensor *unit = sg_clip_unit(features);
    const sg_tensor *texts = sg_clip_unit(sg_tensor_from_floats(
        s->context, SG_F32, SG_SHAPE((int64_t)s->texts, (int64_t)s->width), s->features));
    SG_TRY(sg_context_take_error(s->context, error));
    for (size_t i = 0; i < g->count; i++)
        tell(g, i, sg_f32(features) + i * s->width, sg_f32(texts), sg_f32(unit) + i * s->width);
    return SG_OK;
}

static sg_status flush(gathering *g, sg_error *error)
{
    if (g->count == 0)
        return SG_OK;
    const size_t scope = sg_scope_open(g->scoring->context);
    const sg_status status = answer_all(g, error);
    sg_scope_close(g->scoring->context, scope, NULL);
    g->done += g->count;
    forget(g);
    if (!status && sg_watch_step(g->watch, (double)g->done, (double)g->total, NULL))
        return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
    return status;
}

/* ---- pictures ---- */

/* Writes a picture as the tower takes it. */
static sg_status normalise(gathering *g, const sg_image *image, sg_error *error)
{
    sg_context *context = g->scoring->context;
    sg_image *colours = NULL;
    SG_TRY(sg_image_convert_channels(image, CHANNELS, &colours, error));
    const size_t scope = sg_scope_open(context);
    sg_tensor *x = sg_tensor_create(
        context, SG_F32, SG_SHAPE(1, (int64_t)colours->height, (int64_t)colours->width, CHANNELS));
    if (x)
        sg_image_level_values(colours->pixels, sg_image_size(colours), sg_f32(x));
    x = sg_clip_normalised(g->scoring->clip, x);
    const sg_status status = sg_context_take_error(context, error);
    if (!status)
        memcpy(g->pictures + g->count * g->values, sg_f32(x), g->values * sizeof *g->pictures);
    sg_scope_close(context, scope, NULL);
    sg_image_destroy(colours);
    return status;
}

static sg_status take(void *user, char *name, const sg_image *image, sg_error *error)
{
    gathering *g = user;
    const sg_status status = name ? normalise(g, image, error) : sg_fail_memory(error, "a name");
    if (status) {
        free(name);
        return status;
    }
    g->files[g->count++] = name;
    return g->count == BATCH ? flush(g, error) : SG_OK;
}

sg_status sg_text_scoring_run(sg_text_scoring *scoring, const char *const *paths, size_t count,
                              const sg_watch *watch, void *user, sg_text_answer_function answer,
                              sg_error *error)
{
    const size_t side = sg_clip_image_side(scoring->clip);
    gathering g = {.scoring = scoring,
                   .watch = watch,
                   .user = user,
                   .answer = answer,
                   .values = side * side * CHANNELS};
    g.pictures = sg_allocate(BATCH, g.values * sizeof *g.pictures);
    sg_status status = g.pictures ? SG_OK : sg_fail_memory(error, "%d pictures", (int)BATCH);
    if (!status)
        status = sg_walk_pictures(paths, count, &g.total, &g, take, error);
    if (!status)
        status = flush(&g, error);
    forget(&g);
    free(g.pictures);
    return status;
}
