/*
 * A pack as a folder: written under another name, synced, renamed.
 * Tested by: tests/base/files/test_pack.c
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/folders.h"
#include "base/files/leftovers.h"
#include "base/files/pack.h"

static bool is_empty_folder(const char *path)
{
    DIR *directory = opendir(path);
    if (!directory)
        return false;
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    return count == 0;
}

/* Returns the path without slashes at its end, on the heap; NULL on lack of memory. */
static char *trim_path(const char *path)
{
    char *trimmed = sg_duplicate_text(path);
    size_t length = trimmed ? strlen(trimmed) : 0;
    while (length > 1 && trimmed[length - 1] == '/')
        trimmed[--length] = '\0';
    return trimmed;
}

/* Makes a folder of a new name in `parent`; *folder is its path, on the heap, and *lock keeps
 * others from sweeping it until it is closed. */
static sg_status make_temporary(const char *parent, char **folder, int *lock, sg_error *error)
{
    for (int attempt = 0; attempt < SG_TEMPORARY_ATTEMPTS; attempt++) {
        *folder = sg_temporary_path(parent, attempt);
        if (!*folder)
            return sg_fail_memory(error, "writing a folder");
        if (mkdir(*folder, 0777) == 0) {
            *lock = open(*folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            sg_temporary_lock(*lock);
            return SG_OK;
        }
        const int reason = errno;
        free(*folder);
        *folder = NULL;
        if (reason != EEXIST)
            return sg_fail(error, SG_ERROR_FILE, "cannot make a folder in %s: %s", parent,
                           strerror(reason));
    }
    return sg_fail(error, SG_ERROR_FILE, "cannot make a folder in %s: too many unfinished ones",
                   parent);
}

static sg_status write_bytes(const char *path, const unsigned char *bytes, size_t size,
                             sg_error *error)
{
    FILE *file = fopen(path, "wbe");
    if (!file)
        return sg_fail(error, SG_ERROR_FILE, "cannot write %s: %s", path, strerror(errno));
    int reason = fwrite(bytes, 1, size, file) == size ? 0 : errno;
    if (fclose(file) != 0 && reason == 0)
        reason = errno;
    return reason == 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_FILE, "cannot write %s: %s", path, strerror(reason));
}

/* Makes file `index`, and writes it to `path` in a folder that may be new. */
static sg_status write_file(const sg_pack *pack, size_t index, char *path, sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char *slash = strrchr(path, '/');
    *slash = '\0';
    sg_status status = sg_make_missing_folders(path, error);
    *slash = '/';
    if (!status)
        status = pack->make(pack->argument, index, &bytes, &size, error);
    if (!status)
        status = write_bytes(path, bytes, size, error);
    free(bytes);
    return status;
}

static sg_status write_files(const sg_pack *pack, const char *folder, sg_error *error)
{
    sg_status status = SG_OK;
    for (size_t i = 0; i < pack->count && !status; i++) {
        char name[SG_PACK_NAME_SIZE];
        pack->name(pack->argument, i, name);
        char *path = sg_path_join(folder, name);
        status = path ? write_file(pack, i, path, error) : sg_fail_memory(error, "%s", name);
        free(path);
    }
    return status;
}

/* Syncs everything that was written, then renames the folder to `path`. */
static sg_status rename_synced(const char *folder, const char *parent, const char *path,
                               sg_error *error)
{
    sg_status status = SG_OK;
    const int descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || syncfs(descriptor) != 0 || rename(folder, path) != 0 ||
        (fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP))
        status = sg_fail(error, SG_ERROR_FILE, "cannot write %s: %s", path, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return status;
}

static sg_status write_beside(const sg_pack *pack, const char *parent, const char *path,
                              sg_error *error)
{
    char *folder = NULL;
    int lock = -1;
    sg_status status = sg_make_folders(parent, error);
    if (!status)
        status = make_temporary(parent, &folder, &lock, error);
    if (!status) {
        status = write_files(pack, folder, error);
        if (!status)
            status = rename_synced(folder, parent, path, error);
        if (status)
            sg_remove_folder(folder);
    }
    if (lock >= 0)
        close(lock);
    free(folder);
    return status;
}

sg_status sg_pack_check_folder(const char *path, sg_error *error)
{
    if (sg_path_exists(path) && !is_empty_folder(path))
        return sg_fail(
            error, SG_ERROR_FILE,
            "cannot write %s: something is there already, but it must be a new name or an "
            "empty folder",
            path);
    return SG_OK;
}

sg_status sg_pack_write_folder(const sg_pack *pack, const char *path, sg_error *error)
{
    SG_TRY(sg_pack_check_folder(path, error));
    char *trimmed = trim_path(path);
    char *parent = trimmed ? sg_path_folder(trimmed) : NULL;
    const sg_status status =
        parent ? write_beside(pack, parent, trimmed, error) : sg_fail_memory(error, "%s", path);
    free(parent);
    free(trimmed);
    return status;
}
