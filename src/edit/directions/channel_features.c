/* Features of channels, and their file; see channel_features.h.
 * Tested by: tests/edit/directions/test_find_text.c */
#include "edit/directions/channel_features.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/sha256.h"
#include "base/text.h"
#include "checkpoint/safetensors/safetensors.h"
#include "models/config_json.h"
#include "ops/layout.h"
#include "tensor/context.h"

enum {
    PAIRS = 8 /* of pictures that CLIP sees at once */,
    KEY_BYTES = 500,
    SETTING_BYTES = 40,
    NOTE_BYTES = 1000
};

/* How far a channel is moved either way, in its standard deviations: StyleCLIP's. */
static const double reach = 5;

/* ---- on disk ---- */

/* Writes the hash of a file; "" for one that cannot be read, which no cache is for. */
static void hash_file(const char *path, char text[SG_SHA256_TEXT_BYTES])
{
    sg_sha256 hash;
    sg_sha256_begin(&hash);
    text[0] = '\0';
    if (path && !sg_sha256_add_file(&hash, path, NULL))
        sg_sha256_end(&hash, text);
}

/* Writes the hash of the network's configuration, of which the file may not tell all; "" for lack
 * of memory. */
static void hash_config(const sg_generator *generator, char text[SG_SHA256_TEXT_BYTES])
{
    sg_sha256 hash;
    cJSON *json = sg_generator_config_to_json(sg_generator_config_of(generator));
    char *printed = json ? cJSON_PrintUnformatted(json) : NULL;
    sg_sha256_begin(&hash);
    text[0] = '\0';
    if (printed) {
        sg_sha256_add(&hash, printed, strlen(printed));
        sg_sha256_end(&hash, text);
    }
    cJSON_free(printed);
    cJSON_Delete(json);
}

/* Writes what the values depend on; false where that cannot be told in a line. */
static bool print_key(const sg_finding_state *state, const sg_channel_features *features,
                      char key[KEY_BYTES])
{
    const sg_finding *finding = state->finding;
    char network[SG_SHA256_TEXT_BYTES];
    char config[SG_SHA256_TEXT_BYTES];
    char clip[SG_SHA256_TEXT_BYTES];
    char setting[SETTING_BYTES];
    if (finding->label.values)
        return false;
    hash_file(finding->network_path, network);
    hash_config(finding->generator, config);
    hash_file(sg_clip_path(finding->clip), clip);
    sg_clip_print_setting(finding->clip, setting, sizeof setting);
    snprintf(key, KEY_BYTES,
             "2 channels %zux%zu %s %s %s %s samples %zu seed %u psi %.17g class %d "
             "inputs %d-%d",
             features->channels, features->width, network, config, clip, setting, state->samples,
             finding->seed, finding->psi, finding->label.class_index, finding->first,
             finding->last);
    return network[0] && config[0] && clip[0];
}

/* Returns the path of the file on the heap; NULL without a folder for caches. */
static char *cache_path(const char *key)
{
    char digits[SG_SHA256_TEXT_BYTES];
    char name[100];
    sg_sha256 hash;
    char *folder = sg_user_folder(SG_USER_CACHE);
    if (!folder)
        return NULL;
    sg_sha256_begin(&hash);
    sg_sha256_add(&hash, key, strlen(key));
    sg_sha256_end(&hash, digits);
    snprintf(name, sizeof name, "channels-%.32s.safetensors", digits);
    char *path = sg_path_join(folder, name);
    free(folder);
    return path;
}

/* Reads the values that a file keeps under this key; false where it does not. */
static bool load(const char *path, const char *key, sg_channel_features *features)
{
    sg_safetensors *file = NULL;
    if (!sg_path_exists(path) || sg_safetensors_open(path, &file, NULL))
        return false;
    const char *stored = sg_safetensors_metadata(file, "key");
    const sg_stored_tensor *values = sg_safetensors_find(file, "channels");
    const bool fits = stored && strcmp(stored, key) == 0 && values &&
                      values->type == SG_STORED_F32 &&
                      values->count == features->channels * features->width &&
                      !sg_safetensors_read_floats(file, values, features->values, NULL);
    sg_safetensors_close(file);
    return fits;
}

static void save(const char *path, const char *key, const sg_channel_features *features,
                 const sg_watch *watch)
{
    sg_error error = {0};
    const sg_metadata metadata = {"key", key};
    const sg_safetensors_entry values = {
        .name = "channels",
        .type = SG_STORED_F32,
        .rank = 2,
        .size = {(int64_t)features->channels, (int64_t)features->width},
        .values = features->values};
    sg_status status = sg_make_parent_folder(path, &error);
    if (!status)
        status = sg_safetensors_write(path, &values, 1, &metadata, 1, &error);
    if (status) {
        char note[NOTE_BYTES];
        snprintf(note, sizeof note, "what channels do is not kept: %.800s", error.message);
        sg_watch_note(watch, note);
    }
}

/* ---- computing ---- */

/* Pictures that are gathered, two for each channel, until CLIP sees them. */
typedef struct gathering {
    const sg_finding_state *state;
    const sg_style_space *space;
    const sg_moments *moments;
    sg_channel_features *features;
    sg_tensor *pictures; /* [2 * count, H, W, C] */
    size_t channels[PAIRS], count;
    size_t done, total; /* channels of all w */
} gathering;

/* Adds the direction, of unit length, between two rows of features to a channel's. */
static void add_direction(const gathering *g, const sg_tensor *rows, size_t pair)
{
    const size_t width = g->features->width;
    float *sum = g->features->values + g->channels[pair] * width;
    double square = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t k = 0; k < width; k++) {
            const double moved = sg_tensor_value(rows, (int64_t)((2 * pair + 1) * width + k)) -
                                 sg_tensor_value(rows, (int64_t)(2 * pair * width + k));
            if (turn == 0)
                square += moved * moved;
            else if (square > 0)
                sum[k] += (float)(moved / sqrt(square));
        }
}

/* Shows the gathered pictures to CLIP. */
static sg_status flush(gathering *g, sg_error *error)
{
    const sg_finding *finding = g->state->finding;
    sg_context *context = sg_generator_parameters(finding->generator)->context;
    if (g->count == 0)
        return SG_OK;
    const sg_tensor *rows = sg_clip_look(finding->clip, g->pictures);
    SG_TRY(sg_context_take_error(context, error));
    for (size_t i = 0; i < g->count; i++)
        add_direction(g, rows, i);
    g->done += g->count;
    g->count = 0;
    g->pictures = NULL;
    return sg_watch_step(g->state->watch, (double)g->done, (double)g->total, NULL)
               ? sg_fail(error, SG_ERROR_CANCELLED, "interrupted")
               : SG_OK;
}

/* Paints code `index` with one channel moved down and up. */
static void gather(gathering *g, size_t index, size_t layer, size_t channel)
{
    double saved = 0;
    const size_t at = g->space->layers[layer].first + channel;
    for (int sign = -1; sign <= 1; sign += 2) {
        const sg_style_shift shift = {layer, channel, sign * reach * g->moments->deviation[at]};
        sg_style_shift_begin(g->space, &shift, 1, &saved);
        sg_tensor *picture = sg_finding_paint(g->state, index, NULL);
        sg_style_shift_end(g->space, &shift, 1, &saved);
        g->pictures = g->pictures ? sg_concatenate(g->pictures, picture, 0) : picture;
    }
    g->channels[g->count++] = at;
}

/* True for a layer whose channels count: a convolution of a chosen input. */
static bool counts(const sg_finding *finding, const sg_style_layer *layer)
{
    return !sg_has_suffix(layer->name, "torgb") && layer->input >= finding->first &&
           (finding->last == SG_ALL_LAYERS || layer->input <= finding->last);
}

/* Paints all channels of one w, in scopes of PAIRS channels. */
static sg_status gather_code(gathering *g, size_t index, sg_error *error)
{
    sg_context *context = sg_generator_parameters(g->state->finding->generator)->context;
    for (size_t i = 0; i < g->space->count; i++) {
        const sg_style_layer *layer = &g->space->layers[i];
        for (size_t from = 0; counts(g->state->finding, layer) && from < layer->channels;
             from += PAIRS) {
            const size_t scope = sg_scope_open(context);
            for (size_t k = from; k < layer->channels && k < from + PAIRS; k++)
                gather(g, index, i, k);
            const sg_status status = flush(g, error);
            sg_scope_close(context, scope, NULL);
            SG_TRY(status);
        }
    }
    return SG_OK;
}

/* Brings the sums to unit length. */
static void normalise(sg_channel_features *features)
{
    for (size_t i = 0; i < features->channels; i++) {
        float *row = features->values + i * features->width;
        double square = 0;
        for (size_t k = 0; k < features->width; k++)
            square += (double)row[k] * (double)row[k];
        for (size_t k = 0; square > 0 && k < features->width; k++)
            row[k] = (float)((double)row[k] / sqrt(square));
    }
}

static sg_status compute(const sg_finding_state *state, const sg_style_space *space,
                         const sg_moments *moments, sg_channel_features *features, sg_error *error)
{
    gathering g = {.state = state, .space = space, .moments = moments, .features = features};
    memset(features->values, 0, features->channels * features->width * sizeof *features->values);
    for (size_t i = 0; i < space->count; i++)
        g.total += counts(state->finding, &space->layers[i])
                       ? space->layers[i].channels * state->samples
                       : 0;
    for (size_t i = 0; i < state->samples; i++)
        SG_TRY(gather_code(&g, i, error));
    normalise(features);
    return SG_OK;
}

sg_status sg_channel_features_find(const sg_finding_state *state, const sg_style_space *space,
                                   const sg_moments *moments, sg_channel_features *features,
                                   sg_error *error)
{
    char key[KEY_BYTES];
    features->channels = space->channels;
    features->width = sg_clip_width(state->finding->clip);
    features->values = sg_allocate(features->channels, features->width * sizeof *features->values);
    if (!features->values)
        return sg_fail_memory(error, "the features of %zu channels", features->channels);
    char *path = print_key(state, features, key) ? cache_path(key) : NULL;
    const bool kept = path && load(path, key, features);
    const sg_status status = kept ? SG_OK : compute(state, space, moments, features, error);
    if (!kept && !status && path)
        save(path, key, features, state->watch);
    free(path);
    return status;
}

void sg_channel_features_clear(sg_channel_features *features)
{
    free(features->values);
    *features = (sg_channel_features){0};
}
