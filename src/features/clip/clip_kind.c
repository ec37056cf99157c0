/*
 * CLIP's image tower as a feature network of metrics.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "features/clip/clip_inside.h"
#include "features/clip/merges_file.h"
#include "features/feature_kind.h"
#include "ops/arithmetic.h"

enum { BATCH = 16 /* pictures that go through the tower at a time */ };

/* The tower and its own context. */
typedef struct clip_state {
    sg_context *context;
    sg_clip *clip;
} clip_state;

static bool recognises(const sg_feature_tensors *tensors)
{
    return sg_clip_names_of(tensors) != SG_CLIP_UNKNOWN;
}

static void describe(const sg_feature_tensors *tensors, char *text, size_t size)
{
    sg_clip_sizes sizes;
    char what[SG_CLIP_NAME_BYTES];
    if (sg_clip_is_resnet(tensors))
        snprintf(text, size, "CLIP with a ResNet, which is not run");
    else if (sg_clip_sizes_infer(tensors, &sizes, NULL))
        snprintf(text, size, "CLIP, incomplete");
    else {
        sg_clip_sizes_describe(&sizes, what, sizeof what);
        snprintf(text, size, "CLIP (%s)", what);
    }
}

static void close_kind(sg_feature_state *state)
{
    clip_state *own = state->own;
    if (!own)
        return;
    sg_clip_close(own->clip);
    sg_context_destroy(own->context);
    free(own);
    state->own = NULL;
}

static sg_status open_kind(const sg_feature_tensors *const *files, sg_feature_state *state,
                           sg_error *error)
{
    clip_state *own = state->own = sg_allocate(1, sizeof *own);
    if (own)
        own->context = sg_context_create(sg_thread_count());
    if (!own || !own->context)
        return sg_fail_memory(error, "%s", sg_feature_tensors_path(files[0]));
    SG_TRY(sg_clip_open(&own->clip, own->context, SG_F32, files[0], error));
    state->features = sg_clip_width(own->clip);
    return SG_OK;
}

/* Copies pictures from number `first` on, one channel or three, to values of -1 to 1. */
static sg_tensor *copy_pictures(sg_context *context, const sg_feature_pictures *pictures,
                                size_t first, size_t count)
{
    const size_t length = pictures->height * pictures->width * pictures->channels;
    sg_tensor *x =
        sg_tensor_create(context, SG_F32,
                         SG_SHAPE((int64_t)count, (int64_t)pictures->height,
                                  (int64_t)pictures->width, (int64_t)pictures->channels));
    for (size_t i = 0; x && i < count * length; i++) {
        const size_t at = first * length + i;
        const float value = pictures->bytes ? (float)pictures->bytes[at] : pictures->floats[at];
        sg_f32(x)[i] = value / 127.5F - 1;
    }
    return x;
}

static sg_status compute(const sg_feature_state *state, const sg_feature_pictures *pictures,
                         sg_feature_resize resize, const sg_feature_results *results,
                         sg_error *error)
{
    const clip_state *own = state->own;
    const size_t width = state->features;
    (void)resize; /* CLIP has its own */
    for (size_t first = 0; first < pictures->count && results->features; first += BATCH) {
        const size_t left = pictures->count - first;
        const size_t count = left < BATCH ? left : BATCH;
        const size_t scope = sg_scope_open(own->context);
        sg_tensor *x = copy_pictures(own->context, pictures, first, count);
        x = sg_clip_image(own->clip, sg_clip_normalised(own->clip, x));
        for (size_t i = 0; x && i < count * width; i++)
            results->features[first * width + i] = sg_f32(x)[i];
        sg_scope_close(own->context, scope, NULL);
        SG_TRY(sg_context_take_error(own->context, error));
    }
    return SG_OK;
}

static bool knows_more(const char *path)
{
    size_t merges;
    return sg_merges_count(path, &merges);
}

static sg_status read_more(sg_feature_state *state, const char *const *paths, size_t count,
                           sg_error *error)
{
    const clip_state *own = state->own;
    return sg_clip_read_merges(own->clip, paths, count, error);
}

static sg_status read_texts(const sg_feature_state *state, const char *const *texts, size_t count,
                            float *features, sg_error *error)
{
    const clip_state *own = state->own;
    sg_tensor *found = NULL;
    const size_t scope = sg_scope_open(own->context);
    const sg_status status = sg_clip_texts(own->clip, texts, count, &found, error);
    if (!status)
        memcpy(features, sg_f32(found), count * state->features * sizeof *features);
    sg_scope_close(own->context, scope, NULL);
    return status;
}

const sg_feature_kind sg_clip_kind = {
    .name = "clip",
    .title = "CLIP",
    .parts = {{.noun = "CLIP's towers",
               .names = {"ViT-B-32.pt", "ViT-B-16.pt", "ViT-L-14.pt", "ViT-L-14-336px.pt",
                         "open_clip_pytorch_model.bin", "clip-vit-base-patch32.safetensors"},
               .recognises = recognises}},
    .part_count = 1,
    .describe = describe,
    .open = open_kind,
    .close = close_kind,
    .read_more = read_more,
    .knows_more = knows_more,
    .compute = compute,
    .texts = read_texts,
};
