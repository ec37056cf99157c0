/*
 * Feature networks of all kinds: opening, and what is asked of them.
 */
#include "features/feature_network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/sha256.h"
#include "features/feature_files.h"
#include "features/feature_input.h"
#include "image/resize_planes.h"

enum { DESCRIPTION_BYTES = 160 };

struct sg_feature_network {
    const sg_feature_kind *kind;
    char *paths[SG_FEATURE_MOST_PARTS]; /* of the parts' files; NULL: none more */
    sg_feature_state state;
    char hash[SG_FEATURE_HASH_BYTES]; /* "": not computed */
};

/* ---- kinds ---- */

int sg_feature_kind_find(const char *name)
{
    for (size_t i = 0; i < sg_feature_kind_count; i++)
        if (strcmp(sg_feature_kinds[i]->name, name) == 0)
            return (int)i;
    return -1;
}

/* ---- opening ---- */

static sg_status keep_paths(const sg_feature_files *files, sg_feature_network *network,
                            sg_error *error)
{
    int count = 0;
    for (int i = 0; i < network->kind->part_count && i < SG_FEATURE_MOST_PARTS; i++) {
        const char *path = sg_feature_tensors_path(files->parts[i]);
        if (i > 0 && files->parts[i] == files->parts[0])
            continue;
        network->paths[count] = sg_duplicate_text(path);
        if (!network->paths[count++])
            return sg_fail_memory(error, "%s", path);
    }
    return SG_OK;
}

static sg_status open_parts(const sg_feature_kind *kind, const sg_feature_files *files,
                            sg_feature_network **network, sg_error *error)
{
    sg_feature_network *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "%s", kind->title);
    opened->kind = kind;
    sg_status status = keep_paths(files, opened, error);
    if (!status)
        status = kind->open(files->parts, &opened->state, error);
    if (status)
        sg_feature_network_close(opened);
    else
        *network = opened;
    return status;
}

sg_status sg_feature_network_find(const char *kind, const char *const *files, size_t count,
                                  sg_feature_network **network, sg_error *error)
{
    const sg_feature_kind *row = sg_feature_kinds[sg_feature_kind_find(kind)];
    sg_feature_files found = {0};
    *network = NULL;
    sg_status status = sg_feature_files_find(row, files, count, &found, error);
    if (!status)
        status = sg_feature_files_check(row, &found, error);
    if (!status)
        status = open_parts(row, &found, network, error);
    sg_feature_files_clear(&found);
    if (!status && row->read_more)
        status = row->read_more(&(*network)->state, files, count, error);
    if (status) {
        sg_feature_network_close(*network);
        *network = NULL;
    }
    return status;
}

sg_status sg_feature_network_random(const char *kind, sg_feature_network **network, sg_error *error)
{
    const sg_feature_kind *row = sg_feature_kinds[sg_feature_kind_find(kind)];
    sg_feature_tensors *tensors = sg_feature_tensors_random();
    *network = NULL;
    if (!tensors)
        return sg_fail_memory(error, "%s", row->title);
    const sg_feature_files files = {.parts = {tensors, tensors}};
    const sg_status status = open_parts(row, &files, network, error);
    sg_feature_tensors_close(tensors);
    return status;
}

bool sg_feature_network_is_there(const char *kind, const char *const *files, size_t count)
{
    const sg_feature_kind *row = sg_feature_kinds[sg_feature_kind_find(kind)];
    sg_feature_files found = {0};
    const bool there = !sg_feature_files_find(row, files, count, &found, NULL) &&
                       !sg_feature_files_check(row, &found, NULL);
    sg_feature_files_clear(&found);
    return there;
}

void sg_feature_network_close(sg_feature_network *network)
{
    if (!network)
        return;
    network->kind->close(&network->state);
    for (int i = 0; i < SG_FEATURE_MOST_PARTS; i++)
        free(network->paths[i]);
    free(network);
}

/* ---- files ---- */

/* Appends a name to a list with commas, cut to what fits. */
static void append_name(const char *name, char *text, size_t size)
{
    const size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", length > 0 ? ", " : "", name);
}

/* Appends the kind if the file holds all its parts, otherwise the parts that it holds, unless those
 * of another kind were named. */
static void describe_kind(const sg_feature_kind *kind, const sg_feature_tensors *tensors,
                          char *text, size_t size)
{
    int count = 0;
    for (int i = 0; i < kind->part_count; i++)
        count += kind->parts[i].recognises(tensors);
    const bool partly = count < kind->part_count && *text == '\0';
    for (int i = 0; i < kind->part_count && partly; i++)
        if (kind->parts[i].recognises(tensors))
            append_name(kind->parts[i].noun, text, size);
    if (count < kind->part_count)
        return;
    char network[DESCRIPTION_BYTES];
    snprintf(network, sizeof network, "%s", kind->title);
    if (kind->describe)
        kind->describe(tensors, network, sizeof network);
    append_name(network, text, size);
}

sg_status sg_feature_file_describe(const char *path, char *text, size_t size, sg_error *error)
{
    sg_feature_tensors *tensors = NULL;
    *text = '\0';
    SG_TRY(sg_feature_tensors_open(path, &tensors, error));
    for (size_t i = 0; i < sg_feature_kind_count; i++)
        describe_kind(sg_feature_kinds[i], tensors, text, size);
    sg_feature_tensors_close(tensors);
    return SG_OK;
}

sg_status sg_feature_network_hash(sg_feature_network *network, char *hash, sg_error *error)
{
    sg_sha256 sum;
    sg_sha256_begin(&sum);
    *hash = '\0';
    for (int i = 0; i < SG_FEATURE_MOST_PARTS && network->paths[i] && !*network->hash; i++)
        SG_TRY(sg_sha256_add_file(&sum, network->paths[i], error));
    if (!*network->hash)
        sg_sha256_end(&sum, network->hash);
    memcpy(hash, network->hash, sizeof network->hash);
    return SG_OK;
}

/* ---- what it is ---- */

const char *sg_feature_network_kind(const sg_feature_network *network)
{
    return network->kind->name;
}

const char *sg_feature_network_path(const sg_feature_network *network)
{
    return network->paths[0];
}

size_t sg_feature_network_features(const sg_feature_network *network)
{
    return network->state.features;
}

size_t sg_feature_network_classes(const sg_feature_network *network)
{
    return network->state.classes;
}

/* ---- computing ---- */

sg_status sg_feature_network_compute(sg_feature_network *network,
                                     const sg_feature_pictures *pictures, sg_feature_resize resize,
                                     const sg_feature_results *results, sg_error *error)
{
    SG_TRY(sg_feature_input_check(pictures, error));
    if (results->logits && network->state.classes == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT, "%s: the network has no output layer",
                       network->paths[0]);
    return network->kind->compute(&network->state, pictures, resize, results, error);
}

sg_status sg_feature_network_texts(sg_feature_network *network, const char *const *texts,
                                   size_t count, float *features, sg_error *error)
{
    return network->kind->texts(&network->state, texts, count, features, error);
}

sg_status sg_feature_network_distances(sg_feature_network *network, const sg_feature_pictures *a,
                                       const sg_feature_pictures *b, bool whole, double *distances,
                                       double *layers, sg_error *error)
{
    sg_feature_reduced left = {0};
    sg_feature_reduced right = {0};
    SG_TRY(sg_feature_input_check(a, error));
    SG_TRY(sg_feature_input_check(b, error));
    if (a->count != b->count || a->height != b->height || a->width != b->width)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "%zu pictures of %zux%zu pixels cannot be compared with %zu of %zux%zu",
                       a->count, a->width, a->height, b->count, b->width, b->height);
    sg_status status = sg_feature_reduce(a, whole, &left, error);
    if (!status)
        status = sg_feature_reduce(b, whole, &right, error);
    if (!status)
        status = network->kind->distances(&network->state, &left.pictures, &right.pictures,
                                          distances, layers, error);
    free(left.values);
    free(right.values);
    return status;
}
