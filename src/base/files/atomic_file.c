/* Files that appear whole; see atomic_file.h. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "base/files/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/leftovers.h"

struct sg_atomic_file {
    char *path;      /* its final path, links resolved */
    char *folder;    /* of `path` */
    char *temporary; /* the path while it grows; NULL: it has no name yet */
    FILE *stream;
};

static const char own_descriptors[] = "/proc/self/fd";

static void free_atomic(sg_atomic_file *file)
{
    free(file->path);
    free(file->folder);
    free(file->temporary);
    free(file);
}

static sg_status fail_writing(const char *path, int reason, sg_error *error)
{
    return sg_fail(error, SG_ERROR_FILE, "cannot write %s: %s", path, strerror(reason));
}

/* Returns the path or, for a symbolic link, its target, so that the link survives the renaming. */
static char *resolve_link(const char *path)
{
    struct stat information;
    if (lstat(path, &information) == 0 && S_ISLNK(information.st_mode)) {
        char *resolved = realpath(path, NULL);
        if (resolved)
            return resolved;
    }
    return sg_duplicate_text(path);
}

/* Refuses targets that a renaming would replace (devices, pipes) or fail on late (folders). */
static sg_status check_target(const char *path, sg_error *error)
{
    struct stat information;
    size_t length = strlen(path);
    if (length == 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot write a file: its name is empty");
    if (stat(path, &information) != 0) {
        if (path[length - 1] == '/')
            return sg_fail(error, SG_ERROR_FILE, "cannot write %s: it names a folder", path);
        return SG_OK;
    }
    if (S_ISDIR(information.st_mode))
        return sg_fail(error, SG_ERROR_FILE, "cannot write %s: it is a folder", path);
    if (!S_ISREG(information.st_mode))
        return sg_fail(error, SG_ERROR_FILE, "cannot write %s: it is not a regular file", path);
    return SG_OK;
}

/* ---- opening ---- */

/* Opens a file without a name, to which one can be given later; returns -1 where that cannot be. */
static int open_nameless(const sg_atomic_file *file)
{
    if (access(own_descriptors, X_OK) != 0)
        return -1;
    return open(file->folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

/* Opens a file of a temporary name; returns the descriptor, or -1 with errno set. */
static int open_temporary(sg_atomic_file *file)
{
    for (int attempt = 0; attempt < SG_TEMPORARY_ATTEMPTS; attempt++) {
        file->temporary = sg_temporary_path(file->folder, attempt);
        if (!file->temporary) {
            errno = ENOMEM;
            return -1;
        }
        int descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0) {
            sg_temporary_lock(descriptor);
            return descriptor;
        }
        int reason = errno;
        free(file->temporary);
        file->temporary = NULL;
        errno = reason;
        if (reason != EEXIST)
            return -1;
    }
    return -1;
}

static sg_status open_stream(sg_atomic_file *file, sg_error *error)
{
    int descriptor = open_nameless(file);
    if (descriptor < 0)
        descriptor = open_temporary(file);
    if (descriptor < 0)
        return fail_writing(file->path, errno, error);
    file->stream = fdopen(descriptor, "wb");
    if (!file->stream) {
        int reason = errno;
        close(descriptor);
        if (file->temporary)
            unlink(file->temporary);
        return fail_writing(file->path, reason, error);
    }
    return SG_OK;
}

sg_status sg_atomic_open(const char *path, sg_atomic_file **file, sg_error *error)
{
    *file = NULL;
    SG_TRY(check_target(path, error));
    sg_atomic_file *opened = sg_allocate(1, sizeof *opened);
    if (opened) {
        opened->path = resolve_link(path);
        opened->folder = opened->path ? sg_path_folder(opened->path) : NULL;
    }
    const sg_status status =
        opened && opened->folder ? open_stream(opened, error) : sg_fail_memory(error, "%s", path);
    if (!status)
        *file = opened;
    else if (opened)
        free_atomic(opened);
    return status;
}

FILE *sg_atomic_stream(sg_atomic_file *file)
{
    return file->stream;
}

/* ---- committing ---- */

/* Syncs the content, with the permissions of the file that it replaces; returns 0 or an errno. */
static int sync_content(const sg_atomic_file *file)
{
    struct stat replaced;
    const int descriptor = fileno(file->stream);
    if (ferror(file->stream))
        return EIO;
    if (fflush(file->stream) != 0)
        return errno;
    if (stat(file->path, &replaced) == 0 && fchmod(descriptor, replaced.st_mode & 0777) != 0)
        return errno;
    return fsync(descriptor) == 0 ? 0 : errno;
}

/* Gives a nameless file a name that no file has; returns 0 or an errno. */
static int link_as(const sg_atomic_file *file, const char *path)
{
    char source[sizeof own_descriptors + 16];
    snprintf(source, sizeof source, "%s/%d", own_descriptors, fileno(file->stream));
    return linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/* Gives a nameless file a temporary name, since a link replaces nothing. */
static int link_temporary(sg_atomic_file *file)
{
    int reason = EEXIST;
    for (int attempt = 0; reason == EEXIST && attempt < SG_TEMPORARY_ATTEMPTS; attempt++) {
        free(file->temporary);
        file->temporary = sg_temporary_path(file->folder, attempt);
        reason = file->temporary ? link_as(file, file->temporary) : ENOMEM;
    }
    if (reason != 0) {
        free(file->temporary);
        file->temporary = NULL;
    }
    return reason;
}

/* Gives the file its name; returns 0 or an errno. */
static int give_name(sg_atomic_file *file)
{
    if (!file->temporary) {
        int reason = link_as(file, file->path);
        if (reason == EEXIST)
            reason = link_temporary(file);
        if (!file->temporary)
            return reason;
    }
    return rename(file->temporary, file->path) == 0 ? 0 : errno;
}

/* Syncs a folder, which makes a renaming in it permanent; returns 0 or an errno. */
static int sync_folder(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        /* A folder that can be written but not read cannot be synced; the file itself is safe. */
        return errno == EACCES ? 0 : errno;
    }
    int reason = 0;
    /* Some file systems refuse to sync a folder. */
    if (fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP)
        reason = errno;
    close(descriptor);
    return reason;
}

sg_status sg_atomic_commit(sg_atomic_file *file, sg_error *error)
{
    int reason = sync_content(file);
    if (reason == 0)
        reason = give_name(file);
    if (reason != 0 && file->temporary)
        unlink(file->temporary);
    else if (reason == 0)
        reason = sync_folder(file->folder);
    (void)fclose(file->stream);
    const sg_status status = reason == 0 ? SG_OK : fail_writing(file->path, reason, error);
    free_atomic(file);
    return status;
}

void sg_atomic_abandon(sg_atomic_file *file)
{
    if (!file)
        return;
    fclose(file->stream);
    if (file->temporary)
        unlink(file->temporary);
    free_atomic(file);
}

sg_status sg_write_file(const char *path, const void *bytes, size_t size, sg_error *error)
{
    sg_atomic_file *file;
    SG_TRY(sg_atomic_open(path, &file, error));
    if (size > 0 && fwrite(bytes, 1, size, file->stream) != size) {
        int reason = errno;
        sg_atomic_abandon(file);
        return fail_writing(path, reason, error);
    }
    return sg_atomic_commit(file, error);
}
