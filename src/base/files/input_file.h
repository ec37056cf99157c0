/*
 * The one way to open a file for reading: a regular file, never a pipe, a socket or a device, which
 * might wait for ever for another program or never end.
 */
#ifndef SG_BASE_FILES_INPUT_FILE_H
#define SG_BASE_FILES_INPUT_FILE_H

#include <stdio.h>

#include "base/error.h"

/* Opens the file, which a link may lead to; the caller closes *descriptor, -1 on failure. Fails
 * with SG_ERROR_FILE as sg_file_fail_open does, and for what is no regular file. */
sg_status sg_input_open(const char *path, int *descriptor, sg_error *error);

/* Opens the file as a stream, likewise; the caller closes *stream, NULL on failure. */
sg_status sg_input_stream(const char *path, FILE **stream, sg_error *error);

/* Opens a file that may be compressed by gzip, likewise; *stream is a gzFile of zlib. */
struct gzFile_s;
sg_status sg_input_gzip(const char *path, struct gzFile_s **stream, sg_error *error);

/*
 * Reads a whole file into *bytes (heap, caller frees; one zero byte follows the end) and *size.
 * Fails with a sentence when it cannot be opened, is no regular file, or is larger than `limit`
 * bytes.
 */
sg_status sg_read_file(const char *path, size_t limit, unsigned char **bytes, size_t *size,
                       sg_error *error);

#endif
