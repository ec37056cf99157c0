/* FNV-1a, a hash of 64 bits (Fowler, Noll and Vo), for tables and keys in memory. */
#ifndef SG_BASE_HASH_H
#define SG_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* What a hash begins with. */
static const uint64_t sg_hash_start = 14695981039346656037u;

/* Returns the hash continued over `count` bytes. */
static inline uint64_t sg_hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ byte[i]) * 1099511628211u;
    return hash;
}

#endif
