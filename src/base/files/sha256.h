/* SHA-256 (FIPS 180-4), which names contents: of files, of sets of pictures. */
#ifndef SG_BASE_FILES_SHA256_H
#define SG_BASE_FILES_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A hash in progress; plain data. */
typedef struct sg_sha256 {
    uint32_t state[8];
    uint64_t bytes;
    unsigned char block[64];
} sg_sha256;

/* 64 hexadecimal digits and the zero byte. */
enum { SG_SHA256_TEXT_BYTES = 65 };

/* Starts a hash. */
void sg_sha256_begin(sg_sha256 *hash);

/* Adds bytes. */
void sg_sha256_add(sg_sha256 *hash, const void *bytes, size_t size);

/* Adds the bytes of a file. Fails with SG_ERROR_FILE if it cannot be read. */
sg_status sg_sha256_add_file(sg_sha256 *hash, const char *path, sg_error *error);

/* Ends the hash and writes it to `text` [SG_SHA256_TEXT_BYTES], as sha256sum prints it. */
void sg_sha256_end(sg_sha256 *hash, char *text);

#endif
