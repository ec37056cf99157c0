/* A zip archive in memory, read through libzip, whose stored members can be found in place. */
#ifndef SG_CHECKPOINT_ZIP_MEMORY_H
#define SG_CHECKPOINT_ZIP_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zip.h>

typedef struct sg_zip_memory {
    const unsigned char *bytes;
    size_t size;
    size_t at;        /* where libzip reads next */
    size_t last_read; /* where it last read */
    zip_error_t error;
    zip_t *archive; /* NULL when closed */
} sg_zip_memory;

/* A member's size, and how it is packed. */
typedef struct sg_zip_member {
    uint64_t index;
    size_t size;   /* unpacked, as the directory says; not yet believed */
    size_t packed; /* likewise */
    bool stored;   /* packed as it is */
} sg_zip_member;

/* Opens the archive; the reason why not, or NULL. `buffer` (at least 200 bytes) may be used for it.
 * Close it in both cases. */
const char *sg_zip_memory_open(sg_zip_memory *memory, const unsigned char *bytes, size_t size,
                               char *buffer);
void sg_zip_memory_close(sg_zip_memory *memory);

/* The member of that number; false when it is damaged. */
bool sg_zip_memory_member(const sg_zip_memory *memory, uint64_t index, sg_zip_member *member);

/* Where the bytes of a stored member lie, or NULL when they do not lie in the archive. */
const unsigned char *sg_zip_memory_find(sg_zip_memory *memory, const sg_zip_member *member);

/* Unpacks a whole member into member->size bytes; false when it is damaged or of another size. */
bool sg_zip_memory_unpack(const sg_zip_memory *memory, const sg_zip_member *member,
                          unsigned char *bytes);

#endif
