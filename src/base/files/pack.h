/*
 * Writes many files as a folder or as a zip archive, which appears whole or not at all. Files are
 * made one by one when they are written, so that a set may be larger than the memory.
 */
#ifndef SG_BASE_FILES_PACK_H
#define SG_BASE_FILES_PACK_H

#include "base/error.h"

/* Bytes of a file's path within the pack, with its final zero. */
#define SG_PACK_NAME_SIZE 64

/* The files to write; plain data. */
typedef struct sg_pack {
    size_t count;   /* files */
    void *argument; /* of the functions */

    /* Writes the path of file `index` within the pack to `name`, with '/' between folders. */
    void (*name)(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE]);

    /*
     * Makes the content of file `index` in *bytes (heap, the pack frees it) and *size. Called once
     * for each file, in ascending order.
     */
    sg_status (*make)(void *argument, size_t index, unsigned char **bytes, size_t *size,
                      sg_error *error);
} sg_pack;

/*
 * Writes the files to a new folder `path`, which may replace an empty one. They grow in a folder
 * beside it, which is renamed when all are on the disk. Fails with SG_ERROR_FILE, also when
 * something else is at `path`, or as `make` does; nothing is left then.
 */
sg_status sg_pack_write_folder(const sg_pack *pack, const char *path, sg_error *error);

/* Fails with SG_ERROR_FILE if something at `path` would make sg_pack_write_folder fail. */
sg_status sg_pack_check_folder(const char *path, sg_error *error);

/* True if the path names a zip archive: it ends in .zip, in either case. */
bool sg_pack_is_zip(const char *path);

/*
 * Writes the files to the zip archive `path`, stored without compression, all with the same date.
 * Replaces an older file, and makes missing folders. Equal files give equal bytes. Fails with
 * SG_ERROR_FILE, SG_ERROR_MEMORY, SG_ERROR_LIBRARY, or as `make` does; an older file stays then.
 */
sg_status sg_pack_write_zip(const sg_pack *pack, const char *path, sg_error *error);

#endif
