/*
 * Features of real pictures on disk; see feature_cache.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/feature_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/sha256.h"
#include "checkpoint/safetensors/safetensors.h"

enum { KEY_BYTES = 320, NAME_BYTES = 96, NOTE_BYTES = 1024 };

/* What is in a file: all features of the first pictures, or their moments. */
typedef struct content {
    const char *word; /* "features" */
    size_t count, width;
    float *features;     /* [count, width] */
    sg_gaussian moments; /* without `features` */
} content;

/* Writes what identifies the content; the program's version of the layout is part of it. */
static void print_key(const sg_cache_key *key, const content *of, char text[KEY_BYTES])
{
    snprintf(text, KEY_BYTES, "1 %s %zu %s %s %s %s%s", of->word, of->count, key->fingerprint,
             key->kind, key->hash, key->resize, key->mirror ? " mirror" : "");
}

/* Returns the path of the file on the heap: FOLDER/reals-HASH.safetensors, of the key's hash. */
static char *file_path(const sg_cache_key *key, const char *text)
{
    char name[NAME_BYTES];
    char digits[SG_SHA256_TEXT_BYTES];
    sg_sha256 hash;
    sg_sha256_begin(&hash);
    sg_sha256_add(&hash, text, strlen(text));
    sg_sha256_end(&hash, digits);
    snprintf(name, sizeof name, "reals-%.8s-%.20s-%.32s.safetensors", key->fingerprint, key->kind,
             digits);
    return sg_path_join(key->folder, name);
}

/* ---- reading ---- */

/* Finds a tensor of that type and size. */
static const sg_stored_tensor *find(const sg_safetensors *file, const char *name,
                                    sg_stored_type type, size_t count)
{
    const sg_stored_tensor *tensor = sg_safetensors_find(file, name);
    return tensor && tensor->type == type && tensor->count == count ? tensor : NULL;
}

static sg_status read_content(sg_safetensors *file, const char *path, const char *text,
                              content *into, sg_error *error)
{
    const char *key = sg_safetensors_metadata(file, "key");
    const size_t width = into->width;
    if (!key || strcmp(key, text) != 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s is of other pictures", path);
    if (into->features) {
        const sg_stored_tensor *rows =
            find(file, "features", SG_STORED_F32, into->count * into->width);
        if (!rows)
            return sg_fail(error, SG_ERROR_FORMAT, "%s lacks the features", path);
        return sg_safetensors_read_floats(file, rows, into->features, error);
    }
    const sg_stored_tensor *mean = find(file, "mean", SG_STORED_F64, width);
    const sg_stored_tensor *covariance = find(file, "covariance", SG_STORED_F64, width * width);
    if (!mean || !covariance)
        return sg_fail(error, SG_ERROR_FORMAT, "%s lacks the moments", path);
    SG_TRY(sg_safetensors_read_doubles(file, mean, into->moments.mean, error));
    return sg_safetensors_read_doubles(file, covariance, into->moments.covariance, error);
}

/* Reads a file into the content's arrays; false when it is not there or cannot be read. */
static bool load(const sg_cache_key *key, content *into, const sg_watch *watch)
{
    char text[KEY_BYTES];
    print_key(key, into, text);
    char *path = file_path(key, text);
    sg_safetensors *file = NULL;
    sg_error error = {0};
    if (!path || !sg_path_exists(path)) {
        free(path);
        return false;
    }
    sg_status status = sg_safetensors_open(path, &file, &error);
    if (!status)
        status = read_content(file, path, text, into, &error);
    if (status) {
        char note[NOTE_BYTES];
        snprintf(note, sizeof note,
                 "The cached figures of the real pictures are computed again: "
                 "%.800s",
                 error.message);
        sg_watch_note(watch, note);
    }
    sg_safetensors_close(file);
    free(path);
    return !status;
}

/* Puts loaded features through the sums, as they went when they were computed. */
static bool add_features(sg_network_features *entry, size_t width)
{
    for (size_t i = 0; i < entry->feature_rows; i++)
        if (sg_feature_sums_add(&entry->sums, entry->features + i * width, NULL))
            return false;
    return true;
}

static bool load_moments(const sg_cache_key *key, sg_network_features *entry, size_t width,
                         const sg_watch *watch)
{
    bool complete = true;
    for (size_t i = 0; i < entry->sums.moment_count; i++) {
        content moments = {.word = "moments", .count = entry->sums.counts[i], .width = width};
        sg_gaussian *of = &moments.moments;
        if (sg_feature_sums_find(&entry->sums, moments.count))
            continue;
        *of = (sg_gaussian){.features = width, .count = moments.count};
        of->mean = sg_allocate(width, sizeof *of->mean);
        of->covariance = sg_allocate(width, width * sizeof *of->covariance);
        const bool loaded = of->mean && of->covariance && load(key, &moments, watch);
        if (loaded)
            sg_feature_sums_set(&entry->sums, of);
        else
            sg_gaussian_clear(of);
        complete = complete && loaded;
    }
    return complete;
}

void sg_cache_load(const sg_cache_key *key, sg_network_features *entry, const sg_watch *watch)
{
    const size_t width = sg_looker_features(entry->network);
    if (!key->folder || entry->needed == 0 || entry->logit_rows > 0)
        return;
    bool complete = true;
    if (entry->feature_rows > 0) {
        content rows = {.word = "features",
                        .count = entry->feature_rows,
                        .width = width,
                        .features = entry->features};
        complete = load(key, &rows, watch) && entry->feature_rows == entry->needed &&
                   add_features(entry, width);
    } else {
        complete = load_moments(key, entry, width, watch);
    }
    if (complete)
        entry->seen = entry->needed;
}

/* ---- writing ---- */

static sg_status save(const sg_cache_key *key, const content *from, sg_error *error)
{
    char text[KEY_BYTES];
    print_key(key, from, text);
    const sg_metadata metadata[] = {{"key", text}};
    const int64_t width = (int64_t)from->width;
    const sg_safetensors_entry rows[] = {{.name = "features",
                                          .type = SG_STORED_F32,
                                          .rank = 2,
                                          .size = {(int64_t)from->count, width},
                                          .values = from->features}};
    const sg_safetensors_entry moments[] = {{.name = "mean",
                                             .type = SG_STORED_F64,
                                             .rank = 1,
                                             .size = {width},
                                             .values = from->moments.mean},
                                            {.name = "covariance",
                                             .type = SG_STORED_F64,
                                             .rank = 2,
                                             .size = {width, width},
                                             .values = from->moments.covariance}};
    SG_TRY(sg_make_folders(key->folder, error));
    char *path = file_path(key, text);
    if (!path)
        return sg_fail_memory(error, "the path of the cache");
    const sg_status status = sg_safetensors_write(path, from->features ? rows : moments,
                                                  from->features ? 1 : 2, metadata, 1, error);
    free(path);
    return status;
}

void sg_cache_save(const sg_cache_key *key, const sg_network_features *entry, const sg_watch *watch)
{
    const size_t width = sg_looker_features(entry->network);
    sg_error error = {0};
    sg_status status = SG_OK;
    if (!key->folder || entry->needed == 0)
        return;
    if (entry->feature_rows > 0) {
        const content rows = {.word = "features",
                              .count = entry->feature_rows,
                              .width = width,
                              .features = entry->features};
        status = save(key, &rows, &error);
    }
    for (size_t i = 0; i < entry->sums.moment_count && !status; i++) {
        const sg_gaussian *found = &entry->sums.moments[i];
        const content moments = {
            .word = "moments", .count = found->count, .width = width, .moments = *found};
        if (found->mean)
            status = save(key, &moments, &error);
    }
    if (status) {
        char note[NOTE_BYTES];
        snprintf(note, sizeof note, "The figures of the real pictures are not kept: %.800s",
                 error.message);
        sg_watch_note(watch, note);
    }
}
