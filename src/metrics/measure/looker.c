/*
 * Feature networks and classifiers behind one interface; see looker.h.
 * Tested by: tests/cli/test_metrics_own.c
 */
#include "metrics/measure/looker.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/sha256.h"
#include "base/parallel.h"
#include "base/text.h"
#include "checkpoint/network/network_load.h"

struct sg_looker {
    sg_feature_network *network; /* NULL: a classifier, by the members below */
    sg_context *context;
    sg_discriminator *classifier;
    char *path;
    size_t features;
    char hash[SG_FEATURE_HASH_BYTES]; /* "": not computed */
};

/* ---- classifiers ---- */

/* Reads the config of a classifier; false for another file. */
static bool read_config(const char *path, sg_discriminator_config *config)
{
    sg_network_file *file = NULL;
    if (sg_network_open(path, &file, NULL))
        return false;
    const bool found = sg_network_has(file, SG_PART_D) &&
                       !sg_network_discriminator_config(file, config, NULL) &&
                       sg_discriminator_classifies(config);
    sg_network_close(file);
    return found;
}

static bool fits(const sg_discriminator_config *config, const sg_looked_at *pictures)
{
    return (size_t)sg_discriminator_height(config) == pictures->height &&
           (size_t)sg_discriminator_width(config) == pictures->width &&
           (size_t)config->img_channels == pictures->channels;
}

/* Finds a file "*classifier*.safetensors" of a folder that fits; its path on the heap, or NULL. Of
 * several, the first by name. */
static char *search_folder(const char *folder, const sg_looked_at *pictures)
{
    char *found = NULL;
    sg_discriminator_config config;
    DIR *directory = folder ? opendir(folder) : NULL;
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        if (!strstr(entry->d_name, "classifier") || !sg_has_suffix(entry->d_name, ".safetensors"))
            continue;
        char *path = sg_path_join(folder, entry->d_name);
        const bool better = path && (!found || strcmp(path, found) < 0);
        if (better && read_config(path, &config) && fits(&config, pictures)) {
            free(found);
            found = path;
        } else {
            free(path);
        }
    }
    if (directory)
        closedir(directory);
    return found;
}

/* Sets *found to the first named file with a classifier, or NULL; fails, after it, for one that
 * cannot be read: another classifier must not be taken in silence. */
static sg_status find_named(const sg_looker_places *places, const char **found, sg_error *error)
{
    sg_discriminator_config config;
    sg_status status = SG_OK;
    *found = NULL;
    for (size_t i = 0; i < places->file_count; i++) {
        char holds[256];
        const bool classifies = read_config(places->files[i], &config);
        if (classifies && !*found)
            *found = places->files[i];
        if (!classifies && !status)
            status = sg_feature_file_describe(places->files[i], holds, sizeof holds, error);
    }
    return status;
}

/* Returns the path of the classifier, `named` or found, on the heap; NULL when there is none. */
static char *find_classifier(const char *named, const sg_looker_places *places,
                             const sg_looked_at *pictures)
{
    if (named)
        return sg_duplicate_text(named);
    char *beside = places->beside ? sg_path_folder(places->beside) : NULL;
    char *data = sg_user_folder(SG_USER_DATA);
    char *found = search_folder(beside, pictures);
    if (!found)
        found = search_folder("models", pictures);
    if (!found)
        found = search_folder(data, pictures);
    free(beside);
    free(data);
    return found;
}

static sg_status refuse_missing(const sg_looked_at *pictures, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FILE,
                   "a classifier of %zux%zu pictures with %zu channels is needed: train one by "
                   "\"cfg\" classifier on labelled pictures like these and name its file by "
                   "\"features\", or put it beside the network",
                   pictures->width, pictures->height, pictures->channels);
}

static sg_status load_classifier(sg_looker *looker, const sg_looked_at *pictures, sg_error *error)
{
    sg_network_file *file = NULL;
    sg_discriminator_config config;
    looker->context = sg_context_create(sg_thread_count());
    if (!looker->context)
        return sg_fail_memory(error, "a context");
    SG_TRY(sg_network_open(looker->path, &file, error));
    sg_status status = sg_network_discriminator_config(file, &config, error);
    if (!status && !fits(&config, pictures))
        status = sg_fail(error, SG_ERROR_ARGUMENT,
                         "the classifier in %s looks at %lldx%lld pictures with %d channels, but "
                         "these are %zux%zu with %zu",
                         looker->path, (long long)sg_discriminator_width(&config),
                         (long long)sg_discriminator_height(&config), config.img_channels,
                         pictures->width, pictures->height, pictures->channels);
    if (!status)
        status = sg_network_load_discriminator(file, looker->context, &looker->classifier, error);
    sg_network_close(file);
    return status;
}

/* Converts 8-bit RGB to the classifier's channels. */
static void convert(const sg_feature_pictures *pictures, size_t channels, float *values)
{
    const size_t pixels = pictures->count * pictures->height * pictures->width;
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < channels; c++) {
            const size_t from = c < pictures->channels ? c : 0;
            values[i * channels + c] =
                (float)pictures->bytes[i * pictures->channels + from] / 127.5F - 1;
        }
}

/* Computes features or logits of the pictures; NULL (error in the context) on failure. */
static sg_tensor *look(const sg_looker *looker, const sg_feature_pictures *pictures, bool logits)
{
    const sg_discriminator_config *config = sg_discriminator_config_of(looker->classifier);
    const int64_t sizes[] = {(int64_t)pictures->count, (int64_t)pictures->height,
                             (int64_t)pictures->width, config->img_channels};
    sg_tensor *values = sg_tensor_create(looker->context, SG_F32, sg_shape_of(4, sizes));
    if (values)
        convert(pictures, (size_t)config->img_channels, sg_f32(values));
    return logits ? sg_discriminator_score(looker->classifier, values, NULL)
                  : sg_discriminator_features(looker->classifier, values);
}

static sg_status copy_looked(const sg_looker *looker, const sg_feature_pictures *pictures,
                             bool logits, size_t width, float *into, sg_error *error)
{
    const size_t scope = sg_scope_open(looker->context);
    const sg_tensor *seen = look(looker, pictures, logits);
    const sg_status status = sg_context_take_error(looker->context, error);
    if (!status && into)
        memcpy(into, sg_f32(seen), pictures->count * width * sizeof *into);
    sg_scope_close(looker->context, scope, NULL);
    return status;
}

/* Counts the features by looking at one black picture. */
static sg_status count_features(sg_looker *looker, const sg_looked_at *pictures, sg_error *error)
{
    uint8_t *black = sg_allocate(pictures->height * pictures->width, 3);
    if (!black)
        return sg_fail_memory(error, "a picture");
    const sg_feature_pictures one = {.count = 1,
                                     .height = pictures->height,
                                     .width = pictures->width,
                                     .channels = 3,
                                     .bytes = black};
    const size_t scope = sg_scope_open(looker->context);
    const sg_tensor *seen = look(looker, &one, false);
    const sg_status status = sg_context_take_error(looker->context, error);
    if (!status)
        looker->features = (size_t)seen->shape.size[1];
    sg_scope_close(looker->context, scope, NULL);
    free(black);
    return status;
}

/* ---- both ---- */

static sg_status open_looker(const char *kind, const sg_looker_places *places,
                             const sg_looked_at *pictures, sg_looker *looker, sg_error *error)
{
    if (strcmp(kind, SG_OWN_NETWORK) != 0)
        return sg_feature_network_find(kind, places->files, places->file_count, &looker->network,
                                       error);
    const char *named = NULL;
    SG_TRY(find_named(places, &named, error));
    looker->path = find_classifier(named, places, pictures);
    if (!looker->path)
        return refuse_missing(pictures, error);
    SG_TRY(load_classifier(looker, pictures, error));
    return count_features(looker, pictures, error);
}

sg_status sg_looker_find(const char *kind, const sg_looker_places *places,
                         const sg_looked_at *pictures, sg_looker **looker, sg_error *error)
{
    sg_looker *made = sg_allocate(1, sizeof *made);
    *looker = NULL;
    if (!made)
        return sg_fail_memory(error, "a feature network");
    const sg_status status = open_looker(kind, places, pictures, made, error);
    if (status)
        sg_looker_close(made);
    else
        *looker = made;
    return status;
}

bool sg_looker_is_there(const char *kind, const sg_looker_places *places,
                        const sg_looked_at *pictures)
{
    if (strcmp(kind, SG_OWN_NETWORK) != 0)
        return sg_feature_network_is_there(kind, places->files, places->file_count);
    const char *named = NULL;
    sg_discriminator_config config;
    find_named(places, &named, NULL);
    char *path = find_classifier(named, places, pictures);
    const bool there = path && read_config(path, &config) && fits(&config, pictures);
    free(path);
    return there;
}

void sg_looker_close(sg_looker *looker)
{
    if (!looker)
        return;
    sg_feature_network_close(looker->network);
    sg_discriminator_destroy(looker->classifier);
    sg_context_destroy(looker->context);
    free(looker->path);
    free(looker);
}

const char *sg_looker_kind(const sg_looker *looker)
{
    return looker->network ? sg_feature_network_kind(looker->network) : SG_OWN_NETWORK;
}

const char *sg_looker_path(const sg_looker *looker)
{
    return looker->network ? sg_feature_network_path(looker->network) : looker->path;
}

size_t sg_looker_features(const sg_looker *looker)
{
    return looker->network ? sg_feature_network_features(looker->network) : looker->features;
}

size_t sg_looker_classes(const sg_looker *looker)
{
    return looker->network ? sg_feature_network_classes(looker->network)
                           : (size_t)sg_discriminator_config_of(looker->classifier)->c_dim;
}

bool sg_looker_is_exclusive(const sg_looker *looker)
{
    return looker->network ||
           sg_discriminator_config_of(looker->classifier)->output == SG_OUTPUT_CLASSES;
}

sg_feature_network *sg_looker_network(const sg_looker *looker)
{
    return looker->network;
}

sg_status sg_looker_hash(sg_looker *looker, char *hash, sg_error *error)
{
    sg_sha256 sum;
    if (looker->network)
        return sg_feature_network_hash(looker->network, hash, error);
    if (!looker->hash[0]) {
        sg_sha256_begin(&sum);
        SG_TRY(sg_sha256_add_file(&sum, looker->path, error));
        sg_sha256_end(&sum, looker->hash);
    }
    memcpy(hash, looker->hash, sizeof looker->hash);
    return SG_OK;
}

sg_status sg_looker_compute(sg_looker *looker, const sg_feature_pictures *pictures,
                            sg_feature_resize resize, const sg_feature_results *results,
                            sg_error *error)
{
    if (looker->network)
        return sg_feature_network_compute(looker->network, pictures, resize, results, error);
    if (results->features)
        SG_TRY(copy_looked(looker, pictures, false, looker->features, results->features, error));
    if (results->logits)
        SG_TRY(
            copy_looked(looker, pictures, true, sg_looker_classes(looker), results->logits, error));
    return SG_OK;
}
