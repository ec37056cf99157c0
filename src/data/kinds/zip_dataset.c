/*
 * Zip archives of picture files, such as those of the official dataset_tool.py. libzip serves one
 * thread at a time, so a lock guards the reading of members, which are decoded outside it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/file_kind.h"
#include "base/files/zip_archive.h"
#include "data/kinds/dataset_kind.h"
#include "data/labels/label_path.h"

/* An open archive. */
typedef struct shared_archive {
    sg_zip_archive *archive;
    pthread_mutex_t lock;
} shared_archive;

static void destroy(void *state)
{
    shared_archive *shared = state;
    sg_zip_close(shared->archive);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

static sg_status fetch(const void *state, const sg_picture *picture, size_t limit,
                       unsigned char **bytes, size_t *size, sg_error *error)
{
    /* only the lock changes */
    shared_archive *shared = (shared_archive *)state;
    pthread_mutex_lock(&shared->lock);
    const sg_status status = sg_zip_read(shared->archive, picture->entry, limit,
                                         SG_PICTURE_LARGEST_FILE, bytes, size, error);
    pthread_mutex_unlock(&shared->lock);
    return status;
}

static void trace(const void *state, const sg_picture *picture, sg_text *text)
{
    size_t size = 0;
    uint32_t checksum = 0;
    shared_archive *shared = (shared_archive *)state; /* only the lock changes */
    pthread_mutex_lock(&shared->lock);
    if (sg_zip_describe(shared->archive, picture->entry, &size, &checksum))
        sg_text_append(text, " %zu %08x", size, checksum);
    pthread_mutex_unlock(&shared->lock);
}

/* Adds a member under its portable name: ".." and backslashes only say where a file was packed. */
static bool add_member(sg_file_list *list, const char *name, size_t entry)
{
    char *path = sg_portable_path(name);
    const bool added = path && sg_file_list_add(list, path, entry);
    free(path);
    return added;
}

static sg_status list_members(const sg_zip_archive *archive, const char *path, sg_file_list *list,
                              sg_error *error)
{
    for (size_t i = 0; i < sg_zip_count(archive); i++) {
        const char *name = sg_zip_name(archive, i);
        const size_t length = name ? strlen(name) : 0;
        const bool is_file = length > 0 && !strchr("/\\", name[length - 1]);
        if (is_file && !add_member(list, name, i))
            return sg_fail_memory(error, "%s", path);
    }
    return SG_OK;
}

static sg_status open_source(const char *path, bool follows_links, sg_picture_source **source,
                             sg_error *error)
{
    (void)follows_links; /* an archive has none */
    static const sg_picture_source_functions functions = {
        .fetch = fetch, .trace = trace, .destroy = destroy};
    *source = NULL;
    shared_archive *shared = sg_allocate(1, sizeof *shared);
    if (!shared)
        return sg_fail_memory(error, "%s", path);
    sg_file_list list = {0};
    pthread_mutex_init(&shared->lock, NULL);
    sg_status status = sg_zip_open(path, &shared->archive, error);
    if (!status)
        status = list_members(shared->archive, path, &list, error);
    if (status) {
        sg_file_list_clear(&list);
        destroy(shared);
        return status;
    }
    return sg_picture_source_create(path, &functions, shared, &list, source, error);
}

static bool recognises(const char *path)
{
    const size_t length = strlen(path);
    if (sg_path_is_folder(path))
        return false;
    return (length > 4 && strcasecmp(path + length - 4, ".zip") == 0) ||
           sg_file_form_at(path) == SG_FORM_ZIP;
}

const sg_dataset_kind sg_zip_dataset_kind = {
    .expected = "a zip archive of pictures",
    .recognises = recognises,
    .open_source = open_source,
};
