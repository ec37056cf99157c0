/*
 * Files that are never half written: such a file grows without a name or, where the file system has
 * no nameless files, under a temporary one (leftovers.h) in the same folder; it is synced, renamed
 * over its name, and the folder is synced.
 */
#ifndef SG_BASE_FILES_ATOMIC_FILE_H
#define SG_BASE_FILES_ATOMIC_FILE_H

#include <stdio.h>

#include "base/error.h"

/* A file that is being written; it appears under its name when it is committed. */
typedef struct sg_atomic_file sg_atomic_file;

/*
 * Opens a file that will be at `path`, with the permissions of the one that is there. Follows a
 * symbolic link. Fails when `path` is a folder or a device, which the renaming would replace.
 */
sg_status sg_atomic_open(const char *path, sg_atomic_file **file, sg_error *error);

/* Returns the stream to write to; owned by the file. */
FILE *sg_atomic_stream(sg_atomic_file *file);

/* Flushes and syncs the file, renames it, syncs the folder; frees `file` in any case, and leaves
 * nothing behind on failure. */
sg_status sg_atomic_commit(sg_atomic_file *file, sg_error *error);

/* Removes what was written and frees `file`; NULL is allowed. */
void sg_atomic_abandon(sg_atomic_file *file);

/* Writes `size` bytes as the whole content of `path`, atomically. */
sg_status sg_write_file(const char *path, const void *bytes, size_t size, sg_error *error);

#endif
