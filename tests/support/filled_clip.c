/*
 * CLIP from the deterministic fill of tests/support/filled_network.h: normalisations .75 to 1.25,
 * biases -.1 to .1, embeddings -.5 to .5, projections by their rows, other weights by their inputs.
 */
#include "support/filled_clip.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/atomic_file.h"
#include "base/files/file.h"
#include "base/text.h"
#include "checkpoint/safetensors/safetensors.h"
#include "support/filled_network.h"

enum { MOST_TENSORS = 1000, NAME_BYTES = 120 };

const filled_clip tiny_clip = {.prefix = "clip.",
                               .width = 24,
                               .side = 28,
                               .patch = 7,
                               .vision_width = 128,
                               .vision_layers = 2,
                               .context = 12,
                               .vocabulary = 600,
                               .text_width = 64,
                               .text_layers = 2};
const filled_clip full_clip = {.prefix = "clip.",
                               .width = 512,
                               .side = 224,
                               .patch = 32,
                               .vision_width = 768,
                               .vision_layers = 12,
                               .context = 77,
                               .vocabulary = 49408,
                               .text_width = 512,
                               .text_layers = 12};

/* The tensors of a file being written. */
typedef struct clip_list {
    const filled_clip *clip;
    filled_clip_layout layout;
    sg_safetensors_entry entries[MOST_TENSORS];
    char names[MOST_TENSORS][NAME_BYTES];
    size_t count;
    bool failed;
} clip_list;

/* ---- values ---- */

static size_t count_of(const int64_t *size, int rank)
{
    size_t count = 1;
    for (int i = 0; i < rank; i++)
        count *= (size_t)size[i];
    return count;
}

/* Fills a tensor by OpenAI's name; NULL on lack of memory. */
static float *filled(const clip_list *list, const char *name, const int64_t *size, int rank)
{
    const size_t count = count_of(size, rank);
    const bool projection =
        strcmp(name, "visual.proj") == 0 || strcmp(name, "text_projection") == 0;
    const double inputs = projection ? (double)size[0] : (double)count / (double)size[0];
    double bound = sqrt(3 / inputs);
    char whole[NAME_BYTES + 20];
    double *values = malloc(count * sizeof *values);
    float *result = malloc(count * sizeof *result);
    snprintf(whole, sizeof whole, "%s%s", list->clip->prefix, name);
    if (strstr(name, "bias"))
        bound = 0.1;
    else if (strstr(name, "embedding"))
        bound = 0.5;
    const bool norm = strstr(name, "ln_") && !strstr(name, "bias");
    if (values)
        fill_values(whole, norm ? 0.5 : 2 * bound, norm ? 0.75 : -bound, count, values);
    for (size_t i = 0; values && result && i < count; i++)
        result[i] = (float)values[i];
    free(values);
    return result;
}

/* Turns floats into halves in their place; those of the fill are neither large nor subnormal enough
 * to matter. */
static void halve(float *values, size_t count)
{
    uint16_t *halves = (uint16_t *)values;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        const uint32_t sign = bits >> 16 & 0x8000;
        const int exponent = (int)(bits >> 23 & 255) - 112;
        const uint32_t mantissa = bits & 0x7FFFFF;
        const uint16_t half =
            (uint16_t)(exponent <= 0 ? sign
                                     : sign | (((uint32_t)exponent << 10) + (mantissa >> 13)));
        memcpy(&halves[i], &half, sizeof half);
    }
}

/* Returns the transposed matrix in a new block; frees the other. */
static float *transpose(float *values, const int64_t *size)
{
    float *turned = values ? malloc((size_t)(size[0] * size[1]) * sizeof *turned) : NULL;
    for (int64_t i = 0; turned && i < size[0] * size[1]; i++)
        turned[i % size[1] * size[0] + i / size[1]] = values[i];
    free(values);
    return turned;
}

/* ---- names ---- */

/* Hugging Face's spelling of a piece of OpenAI's name; the first that is there is replaced. */
static const char *const pieces[][2] = {
    {"visual.transformer.resblocks.", "vision_model.encoder.layers."},
    {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
    {"visual.conv1", "vision_model.embeddings.patch_embedding"},
    {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
    {"visual.ln_pre", "vision_model.pre_layrnorm"},
    {"visual.ln_post", "vision_model.post_layernorm"},
    {"visual.proj", "visual_projection.weight"},
    {"transformer.resblocks.", "text_model.encoder.layers."},
    {"token_embedding", "text_model.embeddings.token_embedding"},
    {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
    {"ln_final", "text_model.final_layer_norm"},
    {"text_projection", "text_projection.weight"},
};
static const char *const layers[][2] = {{".attn.", ".self_attn."},
                                        {".ln_1.", ".layer_norm1."},
                                        {".ln_2.", ".layer_norm2."},
                                        {".mlp.c_fc.", ".mlp.fc1."},
                                        {".mlp.c_proj.", ".mlp.fc2."}};

static void replace(const char *const (*table)[2], size_t rows, char *name)
{
    for (size_t i = 0; i < rows; i++) {
        const char *at = strstr(name, table[i][0]);
        if (!at)
            continue;
        char copy[NAME_BYTES];
        snprintf(copy, sizeof copy, "%.*s%s%.60s", (int)(at - name), name, table[i][1],
                 at + strlen(table[i][0]));
        snprintf(name, NAME_BYTES, "%s", copy);
        return;
    }
}

/* ---- entries ---- */

/* Adds values under a name, which it takes over. */
static void add_values(clip_list *list, const char *name, const int64_t *size, int rank,
                       float *values)
{
    if (!values || list->count == MOST_TENSORS) {
        free(values);
        list->failed = true;
        return;
    }
    sg_safetensors_entry *entry = &list->entries[list->count];
    char *whole = list->names[list->count++];
    snprintf(whole, NAME_BYTES, "%s", name);
    if (list->layout == FILLED_CLIP_HUGGING_FACE) {
        replace(pieces, sizeof pieces / sizeof *pieces, whole);
        replace(layers, sizeof layers / sizeof *layers, whole);
    }
    const bool halves = list->layout == FILLED_CLIP_HALVES;
    *entry = (sg_safetensors_entry){.name = whole,
                                    .type = halves ? SG_STORED_F16 : SG_STORED_F32,
                                    .rank = rank,
                                    .values = values};
    memcpy(entry->size, size, (size_t)rank * sizeof *size);
    if (halves)
        halve(values, count_of(size, rank));
}

/* Adds queries, keys and values apart. */
static void add_thirds(clip_list *list, const char *name, const int64_t *size, int rank,
                       const float *values)
{
    const int64_t third[2] = {size[0] / 3, size[1]};
    const size_t count = count_of(size, rank) / 3;
    for (int part = 0; part < 3; part++) {
        char whole[NAME_BYTES];
        float *copy = values ? malloc(count * sizeof *copy) : NULL;
        const char *at = strstr(name, "in_proj_");
        if (copy)
            memcpy(copy, values + (size_t)part * count, count * sizeof *copy);
        snprintf(whole, sizeof whole, "%.*s%c_proj.%.20s", (int)(at - name), name, "qkv"[part],
                 at + strlen("in_proj_"));
        add_values(list, whole, third, rank, copy);
    }
}

static void add(clip_list *list, const char *prefix, const char *name, int64_t a, int64_t b)
{
    char whole[NAME_BYTES];
    int64_t size[2] = {a, b};
    const int rank = b > 0 ? 2 : 1;
    snprintf(whole, sizeof whole, "%.60s%.50s", prefix, name);
    float *values = filled(list, whole, size, rank);
    if (list->layout == FILLED_CLIP_HUGGING_FACE && strstr(name, "in_proj_")) {
        add_thirds(list, whole, size, rank, values);
        free(values);
        return;
    }
    if (list->layout == FILLED_CLIP_HUGGING_FACE &&
        (strcmp(whole, "visual.proj") == 0 || strcmp(whole, "text_projection") == 0)) {
        values = transpose(values, size);
        size[0] = b;
        size[1] = a;
    }
    add_values(list, whole, size, rank, values);
}

static void add_layer(clip_list *list, const char *prefix, const char *name, int64_t a, int64_t b)
{
    char whole[NAME_BYTES];
    snprintf(whole, sizeof whole, "%.50s.weight", name);
    add(list, prefix, whole, a, b);
    snprintf(whole, sizeof whole, "%.50s.bias", name);
    add(list, prefix, whole, a, 0);
}

static void add_blocks(clip_list *list, const char *prefix, int64_t width, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        char block[NAME_BYTES];
        snprintf(block, sizeof block, "%s%lld.", prefix, (long long)i);
        add(list, block, "attn.in_proj_weight", 3 * width, width);
        add(list, block, "attn.in_proj_bias", 3 * width, 0);
        add_layer(list, block, "attn.out_proj", width, width);
        add_layer(list, block, "ln_1", width, 0);
        add_layer(list, block, "mlp.c_fc", 4 * width, width);
        add_layer(list, block, "mlp.c_proj", width, 4 * width);
        add_layer(list, block, "ln_2", width, 0);
    }
}

static void add_all(clip_list *list)
{
    const filled_clip *c = list->clip;
    const int64_t grid = c->side / c->patch;
    const int64_t kernel[] = {c->vision_width, 3, c->patch, c->patch};
    const int64_t one = 1;
    float *scale = malloc(sizeof *scale);
    if (scale)
        *scale = (float)log(100);
    add_values(list, "logit_scale", &one, 1, scale);
    add(list, "", "positional_embedding", c->context, c->text_width);
    add(list, "", "text_projection", c->text_width, c->width);
    add(list, "", "visual.class_embedding", c->vision_width, 0);
    add(list, "", "visual.positional_embedding", grid * grid + 1, c->vision_width);
    add(list, "", "visual.proj", c->vision_width, c->width);
    add_values(list, "visual.conv1.weight", kernel, 4,
               filled(list, "visual.conv1.weight", kernel, 4));
    add_layer(list, "", "visual.ln_pre", c->vision_width, 0);
    add_layer(list, "", "visual.ln_post", c->vision_width, 0);
    add_blocks(list, "visual.transformer.resblocks.", c->vision_width, c->vision_layers);
    add_blocks(list, "transformer.resblocks.", c->text_width, c->text_layers);
    add(list, "", "token_embedding.weight", c->vocabulary, c->text_width);
    add_layer(list, "", "ln_final", c->text_width, 0);
}

sg_status write_filled_clip(const char *path, const filled_clip *clip, filled_clip_layout layout,
                            sg_error *error)
{
    clip_list *list = calloc(1, sizeof *list);
    if (!list)
        return sg_fail_memory(error, "%s", path);
    list->clip = clip;
    list->layout = layout;
    add_all(list);
    const sg_status status =
        list->failed ? sg_fail_memory(error, "%s", path)
                     : sg_safetensors_write(path, list->entries, list->count, NULL, 0, error);
    for (size_t i = 0; i < list->count; i++)
        free((void *)(uintptr_t)list->entries[i].values);
    free(list);
    return status;
}

/* ---- merges ---- */

/*
 * Appends merge `number`: two letters, the same at the end of a word, then two letters with two
 * more. So every symbol is made before it is used.
 */
static void append_merge(sg_text *text, int64_t number)
{
    enum { LETTERS = 26, PAIRS = LETTERS * LETTERS };
    const int first = 'a' + (int)(number / LETTERS % LETTERS);
    const int second = 'a' + (int)(number % LETTERS);
    const int64_t round = number / PAIRS - 2;
    if (round < 0)
        sg_text_append(text, "%c %c%s\n", first, second, round == -1 ? "</w>" : "");
    else
        sg_text_append(text, "%c%c %c%c\n", first, second, 'a' + (int)(round / LETTERS % LETTERS),
                       'a' + (int)(round % LETTERS));
}

sg_status write_filled_merges(const char *path, int64_t merges, sg_error *error)
{
    sg_text text = {0};
    sg_text_append(&text, "#version: filled\n");
    for (int64_t i = 0; i < merges; i++)
        append_merge(&text, i);
    const sg_status status = text.failed ? sg_fail_memory(error, "%s", path)
                                         : sg_write_file(path, text.bytes, text.length, error);
    sg_text_clear(&text);
    return status;
}
