/*
 * Reading the files of LMDB (data version 1), the Lightning Memory-Mapped Database: keys and values
 * in a B+ tree. The reader is of our own, since liblmdb trusts its files: it asserts, and reads
 * beyond pages, where one is damaged. Every page number, offset and size is checked here, and no
 * lock is taken: nobody may write to the file meanwhile.
 */
#ifndef SG_BASE_FILES_LMDB_FILE_H
#define SG_BASE_FILES_LMDB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct sg_lmdb_file sg_lmdb_file;

/* The longest key, in bytes. */
enum { SG_LMDB_LONGEST_KEY = 511 };

/* A key with the place of its value; the key is the file's until the visit ends. */
typedef struct sg_lmdb_entry {
    const unsigned char *key;
    size_t key_size;
    uint64_t offset; /* of the value in the file */
    size_t size;     /* bytes of the value */
    bool is_long;    /* the value has pages of its own: reading it takes another access */
} sg_lmdb_entry;

/* Visits an entry; a failure ends the walk. */
typedef sg_status (*sg_lmdb_visit)(void *user, const sg_lmdb_entry *entry, sg_error *error);

/* True if the file starts like one of LMDB's. */
bool sg_lmdb_recognises(const char *path);

/* Opens a database in *file, which the caller closes. */
sg_status sg_lmdb_open(const char *path, sg_lmdb_file **file, sg_error *error);

/*
 * Visits all entries of the main database in the order of their keys. Databases within it are
 * passed over. Fails when the file is damaged or ends too early.
 */
sg_status sg_lmdb_walk(const sg_lmdb_file *file, sg_lmdb_visit visit, void *user, sg_error *error);

/* Reads `size` bytes from `offset` on. Several threads may read at once. */
sg_status sg_lmdb_read(const sg_lmdb_file *file, uint64_t offset, void *bytes, size_t size,
                       sg_error *error);

/* Closes the database; NULL is allowed. */
void sg_lmdb_close(sg_lmdb_file *file);

#endif
