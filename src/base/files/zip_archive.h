/*
 * Reading zip archives through libzip, from a file or from bytes in memory. The sizes that an
 * archive's directory states are checked against the archive's own size before memory is taken.
 */
#ifndef SG_BASE_FILES_ZIP_ARCHIVE_H
#define SG_BASE_FILES_ZIP_ARCHIVE_H

#include <stdint.h>

#include "base/error.h"

/* An open archive; one thread at a time may use it. */
typedef struct sg_zip_archive sg_zip_archive;

/*
 * Opens the archive at `path`; *archive (NULL on failure) must be closed. Fails with SG_ERROR_FILE
 * if it cannot be read, with SG_ERROR_FORMAT if it is no archive or damaged.
 */
sg_status sg_zip_open(const char *path, sg_zip_archive **archive, sg_error *error);

/*
 * Opens an archive of bytes in memory, borrowed until it is closed; `name` is used in sentences.
 * Fails with SG_ERROR_FORMAT also for more than 200,000 members.
 */
sg_status sg_zip_open_bytes(const unsigned char *bytes, size_t size, const char *name,
                            sg_zip_archive **archive, sg_error *error);

/* Closes the archive; NULL is allowed. */
void sg_zip_close(sg_zip_archive *archive);

/* Counts the entries. */
size_t sg_zip_count(const sg_zip_archive *archive);

/* Returns an entry's name, with '/' at the end of folders; borrowed; NULL without a name. */
const char *sg_zip_name(const sg_zip_archive *archive, size_t index);

/* Finds the entry of that name; false if there is none. */
bool sg_zip_find(const sg_zip_archive *archive, const char *name, size_t *index);

/*
 * Returns an entry's unpacked size. Fails with SG_ERROR_FORMAT if the archive cannot really hold it
 * or it is larger than `largest` bytes.
 */
sg_status sg_zip_measure(const sg_zip_archive *archive, size_t index, size_t largest, size_t *size,
                         sg_error *error);

/* Writes the size and the CRC-32 that the directory states of an entry; false if it does not. */
bool sg_zip_describe(const sg_zip_archive *archive, size_t index, size_t *size, uint32_t *checksum);

/*
 * Finds an entry of an archive in memory that is stored without packing: *bytes points to it in
 * place, or is NULL if it is packed. Fails if it does not lie within the archive.
 */
sg_status sg_zip_locate(sg_zip_archive *archive, size_t index, const unsigned char **bytes,
                        sg_error *error);

/*
 * Reads the first `wanted` of an entry's `size` bytes, its measured size; compares the checksum if
 * these are all.
 */
sg_status sg_zip_unpack(const sg_zip_archive *archive, size_t index, size_t size, size_t wanted,
                        unsigned char *bytes, sg_error *error);

/*
 * Reads the first `limit` bytes of an entry, or all if it has fewer, to *bytes (heap, caller frees)
 * and *size; compares the checksum if these are all. Fails with SG_ERROR_FORMAT if the entry is
 * damaged or has more than `largest` bytes in all.
 */
sg_status sg_zip_read(sg_zip_archive *archive, size_t index, size_t limit, size_t largest,
                      unsigned char **bytes, size_t *size, sg_error *error);

#endif
