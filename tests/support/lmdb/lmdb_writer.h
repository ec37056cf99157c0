/* Writes LMDB databases through liblmdb, for the tests that link it. Failures end the test. */
#ifndef SUPPORT_LMDB_WRITER_H
#define SUPPORT_LMDB_WRITER_H

#include <stddef.h>

/* A key and its value; plain data. */
typedef struct lmdb_pair {
    const char *key;
    const void *value;
    size_t size;
} lmdb_pair;

/*
 * "folder/name/data.mdb" with these pairs, in a transaction for each `step` of them; with `inner`,
 * also a database of that name within it, which has one pair.
 */
void lmdb_write(void *const *state, const char *name, const lmdb_pair *pairs, size_t count,
                size_t step, const char *inner);

#endif
