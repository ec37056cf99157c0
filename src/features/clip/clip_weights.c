/*
 * The weights of CLIP. All shapes are compared with the file's before any memory is taken.
 *
 * Tested by: tests/features/clip/test_clip.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "features/clip/clip_inside.h"

enum { MOST_SHAPE = 4 };

/* How a tensor's values are stored. */
typedef enum stored_as {
    AS_IS,
    PROJECTION, /* OpenAI: [width, features] */
    PATCHES,    /* [width, 3, patch, patch] */
    THIRDS      /* Hugging Face: queries, keys and values apart */
} stored_as;

/* A tensor to be read: OpenAI's name, its shape in memory, and where it goes. */
typedef struct wanted {
    char name[SG_CLIP_NAME_BYTES];
    int rank;
    int64_t size[2];
    stored_as how;
    sg_tensor **slot;
} wanted;

typedef struct weight_list {
    wanted *items;
    size_t count, capacity;
    bool failed;
} weight_list;

typedef struct weight_reader {
    sg_clip *clip;
    const sg_feature_tensors *tensors;
    sg_error *error;
} weight_reader;

/* ---- the list ---- */

/* Joins two parts of a name; false if it is too long for any network's. */
static bool join(char name[SG_CLIP_NAME_BYTES], const char *first, const char *second)
{
    return snprintf(name, SG_CLIP_NAME_BYTES, "%s%s", first, second) < SG_CLIP_NAME_BYTES;
}

static void want(weight_list *list, const char *prefix, const char *name, int64_t rows,
                 int64_t columns, stored_as how, sg_tensor **slot)
{
    if (list->failed || !sg_grow(&list->items, &list->capacity, list->count, sizeof *list->items)) {
        list->failed = true;
        return;
    }
    wanted *item = &list->items[list->count++];
    *item =
        (wanted){.rank = columns > 0 ? 2 : 1, .size = {rows, columns}, .how = how, .slot = slot};
    list->failed = !join(item->name, prefix, name);
}

static void want_layer(weight_list *list, const char *prefix, const char *name, int64_t rows,
                       int64_t columns, clip_layer *layer)
{
    char whole[SG_CLIP_NAME_BYTES];
    if (join(whole, name, ".weight"))
        want(list, prefix, whole, rows, columns, AS_IS, &layer->weight);
    if (join(whole, name, ".bias"))
        want(list, prefix, whole, rows, 0, AS_IS, &layer->bias);
}

static void want_tower(weight_list *list, const char *prefix, const sg_clip *clip,
                       clip_tower *tower)
{
    const int64_t width = tower->sizes.width;
    const stored_as in = clip->sizes.names == SG_CLIP_HUGGING_FACE ? THIRDS : AS_IS;
    for (int64_t i = 0; i < tower->sizes.layers; i++) {
        clip_block *block = &tower->blocks[i];
        char whole[SG_CLIP_NAME_BYTES];
        snprintf(whole, sizeof whole, "%.60s%lld.", prefix, (long long)i);
        want_layer(list, whole, "ln_1", width, 0, &block->norm1);
        want(list, whole, "attn.in_proj_weight", 3 * width, width, in, &block->in.weight);
        want(list, whole, "attn.in_proj_bias", 3 * width, 0, in, &block->in.bias);
        want_layer(list, whole, "attn.out_proj", width, width, &block->out);
        want_layer(list, whole, "ln_2", width, 0, &block->norm2);
        want_layer(list, whole, "mlp.c_fc", tower->sizes.hidden, width, &block->expand);
        want_layer(list, whole, "mlp.c_proj", width, tower->sizes.hidden, &block->project);
    }
}

static void want_all(weight_list *list, sg_clip *clip)
{
    const sg_clip_sizes *s = &clip->sizes;
    const int64_t patch = s->patch * s->patch * 3;
    const stored_as projected = s->names == SG_CLIP_HUGGING_FACE ? AS_IS : PROJECTION;
    want(list, "", "visual.conv1.weight", s->vision.width, patch, PATCHES, &clip->patches);
    want(list, "", "visual.class_embedding", s->vision.width, 0, AS_IS, &clip->class_token);
    want(list, "", "visual.positional_embedding", s->vision.tokens, s->vision.width, AS_IS,
         &clip->vision.positions);
    want_layer(list, "", "visual.ln_pre", s->vision.width, 0, &clip->first);
    want_tower(list, "visual.transformer.resblocks.", clip, &clip->vision);
    want_layer(list, "", "visual.ln_post", s->vision.width, 0, &clip->vision.last);
    want(list, "", "visual.proj", s->width, s->vision.width, projected, &clip->vision.projection);
    want(list, "", "token_embedding.weight", s->vocabulary, s->text.width, AS_IS, &clip->words);
    want(list, "", "positional_embedding", s->text.tokens, s->text.width, AS_IS,
         &clip->text.positions);
    want_tower(list, "transformer.resblocks.", clip, &clip->text);
    want_layer(list, "", "ln_final", s->text.width, 0, &clip->text.last);
    want(list, "", "text_projection", s->width, s->text.width, projected, &clip->text.projection);
}

/* ---- shapes and names as stored ---- */

/* Sets the shape of the stored tensor, or of each third; returns its rank. */
static int stored_shape(const sg_clip *clip, const wanted *item, int64_t size[MOST_SHAPE])
{
    size[0] = item->how == THIRDS ? item->size[0] / 3 : item->size[0];
    size[1] = item->size[1];
    if (item->how == PROJECTION) {
        size[0] = item->size[1];
        size[1] = item->size[0];
    }
    if (item->how != PATCHES)
        return item->rank;
    size[1] = 3;
    size[2] = size[3] = clip->sizes.patch;
    return 4;
}

/* Writes the stored tensor's name: of third `part`, "attn.in_proj_weight" is "attn.q_proj.weight".
 */
static void stored_name(const sg_clip *clip, const wanted *item, int part,
                        char text[SG_CLIP_NAME_BYTES])
{
    static const char in[] = "attn.in_proj_";
    char name[SG_CLIP_NAME_BYTES];
    const char *at = item->how == THIRDS ? strstr(item->name, in) : NULL;
    if (at)
        snprintf(name, sizeof name, "%.*sattn.%c_proj.%.20s", (int)(at - item->name), item->name,
                 "qkv"[part], at + strlen(in));
    else
        snprintf(name, sizeof name, "%s", item->name);
    sg_clip_name(clip->sizes.names, name, text);
}

static int parts_of(const wanted *item)
{
    return item->how == THIRDS ? 3 : 1;
}

static sg_status check_shapes(const weight_reader *reader, const weight_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (int part = 0; part < parts_of(&list->items[i]); part++) {
            char name[SG_CLIP_NAME_BYTES];
            int64_t size[MOST_SHAPE];
            const int rank = stored_shape(reader->clip, &list->items[i], size);
            stored_name(reader->clip, &list->items[i], part, name);
            SG_TRY(sg_feature_tensors_check(reader->tensors, name, rank, size, reader->error));
        }
    return SG_OK;
}

/* ---- values ---- */

/* Returns where value `i` in memory order is stored. */
static int64_t stored_index(const sg_clip *clip, const wanted *item, int64_t i)
{
    const int64_t columns = item->rank > 1 ? item->size[1] : 1;
    const int64_t row = i / columns;
    const int64_t column = i % columns;
    const int64_t area = clip->sizes.patch * clip->sizes.patch;
    switch (item->how) {
    case PROJECTION:
        return column * item->size[0] + row;
    case PATCHES:
        return row * columns + column % 3 * area + column / 3;
    default:
        return i;
    }
}

/* Reads a tensor's values as stored, thirds one after the other. */
static sg_status read_stored(const weight_reader *reader, const wanted *item, float *values)
{
    for (int part = 0; part < parts_of(item); part++) {
        char name[SG_CLIP_NAME_BYTES];
        int64_t size[MOST_SHAPE] = {0};
        const int rank = stored_shape(reader->clip, item, size);
        int64_t count = 1;
        for (int k = 0; k < rank; k++)
            count *= size[k];
        stored_name(reader->clip, item, part, name);
        SG_TRY(sg_feature_tensors_read(reader->tensors, name, rank, size, values + part * count,
                                       reader->error));
    }
    return SG_OK;
}

static sg_status read_values(const weight_reader *reader, const wanted *item)
{
    sg_tensor *tensor = *item->slot;
    const int64_t count = sg_tensor_count(tensor);
    if (item->how != PROJECTION && item->how != PATCHES && tensor->dtype == SG_F32)
        return read_stored(reader, item, sg_f32(tensor));
    float *values = sg_allocate((size_t)count, sizeof *values);
    if (!values)
        return sg_fail_memory(reader->error, "%s", reader->clip->path);
    const sg_status status = read_stored(reader, item, values);
    for (int64_t i = 0; i < count && !status; i++)
        sg_tensor_set_value(tensor, i, (double)values[stored_index(reader->clip, item, i)]);
    free(values);
    return status;
}

/* Makes a tensor and reads it. */
static sg_status read_item(const weight_reader *reader, const wanted *item)
{
    sg_parameter_set *set = &reader->clip->parameters;
    const sg_shape shape =
        item->rank > 1 ? SG_SHAPE(item->size[0], item->size[1]) : SG_SHAPE(item->size[0]);
    *item->slot = sg_parameter_add(set, "", item->name, shape, false, SG_ZEROS);
    SG_TRY(sg_context_take_error(set->context, reader->error));
    return sg_is_hollow(set->context) ? SG_OK : read_values(reader, item);
}

static sg_status read_scale(const weight_reader *reader)
{
    const int64_t one = 1;
    float scale;
    SG_TRY(sg_feature_tensors_read(reader->tensors, "logit_scale", 1, &one, &scale, reader->error));
    reader->clip->logit_scale = exp((double)scale);
    if (isfinite(reader->clip->logit_scale))
        return SG_OK;
    return sg_fail(reader->error, SG_ERROR_FORMAT, "%s: tensor logit_scale is %g",
                   reader->clip->path, (double)scale);
}

sg_status sg_clip_read_weights(sg_clip *clip, const sg_feature_tensors *tensors, sg_error *error)
{
    const weight_reader reader = {clip, tensors, error};
    weight_list list = {0};
    sg_context *context = clip->parameters.context;
    const bool blank = context->blank_parameters;
    clip->vision.sizes = clip->sizes.vision;
    clip->text.sizes = clip->sizes.text;
    clip->text.causal = true;
    clip->vision.blocks = sg_allocate((size_t)clip->sizes.vision.layers, sizeof(clip_block));
    clip->text.blocks = sg_allocate((size_t)clip->sizes.text.layers, sizeof(clip_block));
    if (!clip->vision.blocks || !clip->text.blocks)
        return sg_fail_memory(error, "%s", clip->path);
    want_all(&list, clip);
    sg_status status = list.failed ? sg_fail_memory(error, "%s", clip->path) : SG_OK;
    if (!status)
        status = check_shapes(&reader, &list);
    if (!status)
        status = read_scale(&reader);
    context->blank_parameters = true; /* the file fills them */
    for (size_t i = 0; i < list.count && !status; i++)
        status = read_item(&reader, &list.items[i]);
    context->blank_parameters = blank;
    free(list.items);
    return status;
}
