/*
 * Files and paths. A file is never half written: it grows under a temporary name in the same
 * folder, is synced, renamed over its name, and the folder is synced.
 */
#ifndef SG_BASE_FILES_FILE_H
#define SG_BASE_FILES_FILE_H

#include <stdio.h>

#include "base/error.h"

/* "folder/name" on the heap, or a copy of name when folder is empty; NULL on lack of memory. */
char *sg_path_join(const char *folder, const char *name);

/* The folder that `path` lies in, "." for a bare name, on the heap; NULL on lack of memory. */
char *sg_path_folder(const char *path);

/* The name behind the last '/' of `path`; borrowed. */
const char *sg_path_name(const char *path);

/* Whether something exists at `path`; whether it is a folder. */
bool sg_path_exists(const char *path);
bool sg_path_is_folder(const char *path);

/* Makes the folder and its missing parents; an existing folder is fine. */
sg_status sg_make_folders(const char *path, sg_error *error);

/* Makes the folder that the file `path` is to lie in, and its parents. */
sg_status sg_make_parent_folder(const char *path, sg_error *error);

/*
 * Reads a whole file into *bytes (heap, caller frees; one zero byte follows the end) and *size.
 * Fails with a sentence when it cannot be opened, is a folder, or is larger than `limit` bytes.
 */
sg_status sg_read_file(const char *path, size_t limit, unsigned char **bytes, size_t *size,
                       sg_error *error);

/* A file being written; it appears under its name only when committed. */
typedef struct sg_atomic_file sg_atomic_file;

/*
 * Opens a temporary beside `path`. Fails when `path` is a folder or a device, which a renaming
 * would replace; a symbolic link is followed.
 */
sg_status sg_atomic_open(const char *path, sg_atomic_file **file, sg_error *error);

/* The stream to write to; owned by the file. */
FILE *sg_atomic_stream(sg_atomic_file *file);

/*
 * Flushes, syncs, renames, syncs the folder; frees `file` in any case, and removes the temporary
 * on failure.
 */
sg_status sg_atomic_commit(sg_atomic_file *file, sg_error *error);

/* Gives up: removes the temporary and frees `file` (NULL is allowed). */
void sg_atomic_abandon(sg_atomic_file *file);

/* Writes `size` bytes as the whole content of `path`, atomically. */
sg_status sg_write_file(const char *path, const void *bytes, size_t size, sg_error *error);

#endif
