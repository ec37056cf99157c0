/*
 * Writing many files at once as a folder or as a zip archive, which appears whole or not at all.
 * Files are made one by one when their turn comes, so that a set may be larger than the memory.
 */
#ifndef SG_BASE_FILES_PACK_H
#define SG_BASE_FILES_PACK_H

#include "base/error.h"

#define SG_PACK_NAME_SIZE 64

/* What to write; plain data. */
typedef struct sg_pack {
    size_t count; /* files */
    void *argument;

    /* Tells the path of file `index` within the pack, with '/' between folders. */
    void (*name)(const void *argument, size_t index, char name[SG_PACK_NAME_SIZE]);

    /*
     * Makes the content of file `index` in *bytes (heap, whoever asked frees it) and *size. Called
     * once for each, in ascending order.
     */
    sg_status (*make)(void *argument, size_t index, unsigned char **bytes, size_t *size,
                      sg_error *error);
} sg_pack;

/*
 * Writes the files to a new folder `path`, in place of an empty one if there is one.
 * They grow in a folder beside it that takes its name when all are on the disk. Fails with
 * SG_ERROR_FILE, also when something else is at `path`, or as `make` does; nothing is left then.
 */
sg_status sg_pack_write_folder(const sg_pack *pack, const char *path, sg_error *error);

/* Whether sg_pack_write_folder could take `path`: SG_ERROR_FILE when something is there already. */
sg_status sg_pack_check_folder(const char *path, sg_error *error);

/*
 * Writes the files to the zip archive `path`, stored without compression, all with the same date,
 * in place of an older file; folders around it are made. Equal files give equal bytes. Fails with
 * SG_ERROR_FILE, SG_ERROR_MEMORY, SG_ERROR_LIBRARY, or as `make` does; an older file stays then.
 */
sg_status sg_pack_write_zip(const sg_pack *pack, const char *path, sg_error *error);

#endif
