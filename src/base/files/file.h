/* Files and paths; for writing see atomic_file.h. */
#ifndef SG_BASE_FILES_FILE_H
#define SG_BASE_FILES_FILE_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/* Returns "folder/name" on the heap, or a copy of `name` for an empty (or NULL) folder; NULL on
 * lack of memory. */
char *sg_path_join(const char *folder, const char *name);

/* Returns the folder of `path`, "." for a bare name, on the heap; NULL on lack of memory. */
char *sg_path_folder(const char *path);

/* Folders of the user (XDG Base Directory Specification). */
typedef enum sg_user_place {
    SG_USER_DATA, /* $XDG_DATA_HOME/stylegan, otherwise ~/.local/share/stylegan */
    SG_USER_CACHE /* $XDG_CACHE_HOME/stylegan, otherwise ~/.cache/stylegan */
} sg_user_place;

/* Returns the path of the folder, which need not exist, on the heap; NULL without a home, and on
 * lack of memory. */
char *sg_user_folder(sg_user_place place);

/* Returns the name after the last '/' of `path`; borrowed. */
const char *sg_path_name(const char *path);

/* Returns the last part of `path`, with its length: slashes at the end do not count; borrowed. */
const char *sg_path_last(const char *path, size_t *length);

/* True if something exists at `path`; if it is a folder; if it is a regular file. */
bool sg_path_exists(const char *path);
bool sg_path_is_folder(const char *path);
bool sg_path_is_regular(const char *path);

/* True if both paths lead to one file, by links of any kind too. */
bool sg_path_is_same(const char *a, const char *b);

/* True if `path` leads to one of `count` files; NULL among them stands for none. */
bool sg_path_is_one_of(const char *path, const char *const *files, size_t count);

/* What tells whether a file was changed or replaced. */
typedef struct sg_file_mark {
    uint64_t device, number, bytes;
    int64_t seconds, nanoseconds; /* of the last change */
} sg_file_mark;

/* Returns the mark of the file at `path`; all zero where there is none. */
sg_file_mark sg_file_mark_of(const char *path);

/* True if the file at `path` still has the mark, or is gone. */
bool sg_file_is_as_marked(const char *path, const sg_file_mark *mark);

/* True for a text such as "https://host/file" where a path was expected. */
bool sg_is_url(const char *path);

/*
 * Fails with SG_ERROR_FILE for an input that could not be opened: with the system's reason (errno),
 * or for a URL with the advice to download the file first.
 */
sg_status sg_file_fail_open(const char *path, sg_error *error);

#endif
