/* Writes tar archives, compressed with gzip or not. Failures end the test. */
#ifndef SUPPORT_TAR_FILE_H
#define SUPPORT_TAR_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* An entry; plain data. */
typedef struct tar_member {
    const char *name;   /* up to 99 bytes */
    const char *prefix; /* of the name, or NULL */
    char type;          /* '0' a file, '5' a folder, 'x' an extended header */
    const void *bytes;  /* [size] */
    size_t size;
} tar_member;

/* "folder/name" with the archive in it. */
void tar_write(void *const *state, const char *name, const tar_member *members, size_t count,
               bool compressed);

#endif
