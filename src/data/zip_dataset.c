/*
 * Reads members of an archive by their numbers. An archive of libzip serves one thread at a time,
 * so reading goes under a lock; decoding does not. Sizes that the directory states are held against
 * the archive's own before memory is taken.
 */
#include "data/zip_dataset.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <zip.h>

#include "base/allocate.h"
#include "base/file.h"
#include "data/picture_dataset.h"

/* Deflate cannot pack more than this many bytes into one. */
#define LARGEST_DEFLATE_RATIO 1032

/* An open archive. */
typedef struct zip_archive {
    char *path;
    uint64_t size; /* bytes of the archive's file */
    zip_t *zip;
    pthread_mutex_t lock;
} zip_archive;

static void destroy(void *state)
{
    zip_archive *archive = state;
    if (archive->zip != NULL) {
        zip_discard(archive->zip);
    }
    pthread_mutex_destroy(&archive->lock);
    free(archive->path);
    free(archive);
}

static sg_status fail_member(const zip_archive *archive, const char *name, const char *reason,
                             sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "%s/%s: cannot be read from the archive: %s",
                   archive->path, name, reason);
}

/* The member's size in *size, when the archive can really hold it. */
static sg_status check_member(const zip_archive *archive, const sg_picture *picture, size_t *size,
                              sg_error *error)
{
    zip_stat_t member;
    if (zip_stat_index(archive->zip, picture->place, 0, &member) != 0) {
        return fail_member(archive, picture->name, zip_strerror(archive->zip), error);
    }
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((member.valid & needed) != needed || member.comp_size > archive->size ||
        member.size / LARGEST_DEFLATE_RATIO > member.comp_size) {
        return fail_member(archive, picture->name, "its size is more than the archive can hold",
                           error);
    }
    if (member.size > SG_PICTURE_LARGEST_FILE) {
        return fail_member(archive, picture->name, "it is larger than 1 GiB", error);
    }
    *size = (size_t)member.size;
    return SG_OK;
}

/*
 * Reads `wanted` of the member's bytes; when these are `all`, also its end, where libzip compares
 * the checksum.
 */
static sg_status read_member(const zip_archive *archive, zip_file_t *file, const char *name,
                             unsigned char *bytes, size_t wanted, bool all, sg_error *error)
{
    size_t got = 0;
    unsigned char beyond;
    zip_int64_t count = 1;
    while (got < wanted && count > 0) {
        count = zip_fread(file, bytes + got, wanted - got);
        got += count > 0 ? (size_t)count : 0;
    }
    if (count >= 0 && got == wanted && all) {
        count = zip_fread(file, &beyond, 1);
    }
    if (count < 0) {
        return fail_member(archive, name, zip_file_strerror(file), error);
    }
    return got == wanted ? SG_OK : fail_member(archive, name, "it ends early: truncated", error);
}

static sg_status fetch_locked(const zip_archive *archive, const sg_picture *picture, size_t limit,
                              unsigned char **bytes, size_t *size, sg_error *error)
{
    size_t whole = 0;
    sg_status status = check_member(archive, picture, &whole, error);
    if (status != SG_OK) {
        return status;
    }
    *size = whole < limit ? whole : limit;
    *bytes = sg_allocate(*size + 1, 1);
    if (*bytes == NULL) {
        return sg_fail(error, SG_ERROR_MEMORY, "%s/%s: not enough memory to read it", archive->path,
                       picture->name);
    }
    zip_file_t *file = zip_fopen_index(archive->zip, picture->place, 0);
    if (file == NULL) {
        return fail_member(archive, picture->name, zip_strerror(archive->zip), error);
    }
    status = read_member(archive, file, picture->name, *bytes, *size, *size == whole, error);
    zip_fclose(file);
    return status;
}

static sg_status fetch(const void *state, const sg_picture *picture, size_t limit,
                       unsigned char **bytes, size_t *size, sg_error *error)
{
    /* the lock is the only part that changes */
    zip_archive *archive = (zip_archive *)state;
    *bytes = NULL;
    *size = 0;
    pthread_mutex_lock(&archive->lock);
    const sg_status status = fetch_locked(archive, picture, limit, bytes, size, error);
    pthread_mutex_unlock(&archive->lock);
    return status;
}

static sg_status open_archive(zip_archive *archive, sg_error *error)
{
    struct stat information;
    int code = 0;
    if (archive->path == NULL) {
        return sg_fail(error, SG_ERROR_MEMORY, "not enough memory to open an archive");
    }
    if (stat(archive->path, &information) == 0) {
        archive->size = (uint64_t)information.st_size;
    }
    archive->zip = zip_open(archive->path, ZIP_RDONLY, &code);
    if (archive->zip != NULL) {
        return SG_OK;
    }
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    const sg_status status =
        code == ZIP_ER_OPEN || code == ZIP_ER_READ ? SG_ERROR_FILE : SG_ERROR_FORMAT;
    sg_fail(error, status, "%s: cannot be opened as a zip archive: %s", archive->path,
            zip_error_strerror(&reason));
    zip_error_fini(&reason);
    return status;
}

static sg_status list_members(const zip_archive *archive, sg_file_list *list, sg_error *error)
{
    const zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, 0);
        const size_t length = name != NULL ? strlen(name) : 0;
        const bool is_file = length > 0 && name[length - 1] != '/';
        if (is_file && !sg_file_list_add(list, name, (size_t)i)) {
            return sg_fail(error, SG_ERROR_MEMORY, "%s: not enough memory to list it",
                           archive->path);
        }
    }
    return SG_OK;
}

sg_status sg_zip_source_open(const char *path, sg_picture_source **source, sg_error *error)
{
    static const sg_picture_source_functions functions = {.fetch = fetch, .destroy = destroy};
    *source = NULL;
    zip_archive *archive = sg_allocate(1, sizeof *archive);
    if (archive == NULL) {
        return sg_fail(error, SG_ERROR_MEMORY, "%s: not enough memory to open it", path);
    }
    sg_file_list list = {0};
    archive->path = sg_duplicate_text(path);
    pthread_mutex_init(&archive->lock, NULL);
    sg_status status = open_archive(archive, error);
    if (status == SG_OK) {
        status = list_members(archive, &list, error);
    }
    if (status != SG_OK) {
        sg_file_list_clear(&list);
        destroy(archive);
        return status;
    }
    return sg_picture_source_create(path, &functions, archive, &list, source, error);
}

bool sg_zip_recognises(const char *path)
{
    unsigned char start[4] = {0};
    const size_t length = strlen(path);
    if (sg_path_is_folder(path)) {
        return false;
    }
    if (length > 4 && strcasecmp(path + length - 4, ".zip") == 0) {
        return true;
    }
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return false;
    }
    const size_t got = fread(start, 1, sizeof start, file);
    fclose(file);
    return got == sizeof start && memcmp(start, "PK\3\4", sizeof start) == 0;
}

static sg_status open_dataset(const char *path, sg_dataset **dataset, sg_error *error)
{
    sg_picture_source *source = NULL;
    *dataset = NULL;
    const sg_status status = sg_zip_source_open(path, &source, error);
    return status == SG_OK ? sg_picture_dataset_create(source, dataset, error) : status;
}

const sg_dataset_kind sg_zip_dataset_kind = {
    .expected = "a zip archive of PNG or JPEG pictures",
    .recognises = sg_zip_recognises,
    .open = open_dataset,
};
