/*
 * Reading zip archives through libzip. What the directory of an archive states is held against the
 * archive's own size before memory is taken.
 */
#ifndef SG_BASE_FILES_ZIP_ARCHIVE_H
#define SG_BASE_FILES_ZIP_ARCHIVE_H

#include "base/error.h"

/* An open archive; one thread at a time may use it. */
typedef struct sg_zip_archive sg_zip_archive;

/*
 * Opens the archive at `path`; *archive (NULL on failure) must be closed. Fails with SG_ERROR_FILE
 * when it cannot be read, with SG_ERROR_FORMAT when it is no archive or damaged.
 */
sg_status sg_zip_open(const char *path, sg_zip_archive **archive, sg_error *error);

/* Closes the archive; NULL is allowed. */
void sg_zip_close(sg_zip_archive *archive);

/* The number of entries; the name of one, with '/' behind folders, borrowed, NULL without a name.
 */
size_t sg_zip_count(const sg_zip_archive *archive);
const char *sg_zip_name(const sg_zip_archive *archive, size_t index);

/*
 * Reads the first `limit` bytes of an entry, or all when it has fewer, to *bytes (heap, caller
 * frees) and *size; the checksum is compared when these are all. Fails with SG_ERROR_FORMAT when
 * the entry is damaged or has more than `largest` bytes in all.
 */
sg_status sg_zip_read(sg_zip_archive *archive, size_t index, size_t limit, size_t largest,
                      unsigned char **bytes, size_t *size, sg_error *error);

#endif
