/*
 * Tar archives (POSIX.1-2017, "ustar"), compressed with gzip or not, read from the start to the
 * end. Files alone are told; folders, links and what other kinds of entries there are are passed
 * over.
 */
#ifndef SG_BASE_FILES_TAR_ARCHIVE_H
#define SG_BASE_FILES_TAR_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct sg_tar_archive sg_tar_archive;

/* A file in the archive; the name is the archive's until the next one is asked for. */
typedef struct sg_tar_entry {
    const char *name; /* path within the archive */
    size_t size;      /* bytes, as the archive states */
} sg_tar_entry;

/* True if the file, compressed or not, starts like a tar archive. */
bool sg_tar_recognises(const char *path);

/* Opens an archive in *archive, which the caller closes. */
sg_status sg_tar_open(const char *path, sg_tar_archive **archive, sg_error *error);

/*
 * Goes to the next file: *entry is what it is, with a NULL name after the last. Fails when the
 * archive is damaged or ends too early.
 */
sg_status sg_tar_next(sg_tar_archive *archive, sg_tar_entry *entry, sg_error *error);

/*
 * Reads the whole of the file that sg_tar_next told last, which must have at most `limit` bytes, to
 * *bytes (heap, caller frees). Takes at most twice the memory of the bytes that are really there.
 */
sg_status sg_tar_read(sg_tar_archive *archive, size_t limit, unsigned char **bytes,
                      sg_error *error);

/* Closes the archive; NULL is allowed. */
void sg_tar_close(sg_tar_archive *archive);

#endif
