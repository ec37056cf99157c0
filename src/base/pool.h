/*
 * A memory pool that keeps freed blocks for reuse, since page faults on fresh memory cost a CPU
 * more than the arithmetic on it.
 *
 * Blocks are 64-byte aligned and rounded up to size classes (eight per power of two), so that a
 * block fits any later request of its class. One thread uses a pool at a time.
 */
#ifndef SG_BASE_POOL_H
#define SG_BASE_POOL_H

#include <stddef.h>

typedef struct sg_pool sg_pool;

/* Makes an empty pool; NULL on lack of memory. */
sg_pool *sg_pool_create(void);

/* Makes a pool that only counts: its blocks have addresses and sizes, but no memory that may be
 * read or written. */
sg_pool *sg_pool_create_hollow(void);

/* Frees the pool with all its blocks, also those in use; NULL is allowed. */
void sg_pool_destroy(sg_pool *pool);

/* Returns at least `bytes` bytes, 64-byte aligned, undefined content; NULL on lack of memory. */
void *sg_pool_allocate(sg_pool *pool, size_t bytes);

/* Gives a block back to the pool; NULL is allowed. */
void sg_pool_release(sg_pool *pool, void *block);

/*
 * Returns the pool's scratch block of at least `bytes` bytes, 64-byte aligned, undefined content.
 * All users share it: it is valid until the next call, and does not count as handed out. NULL on
 * lack of memory.
 */
void *sg_pool_scratch(sg_pool *pool, size_t bytes);

/* Lets the pool hold at most so many bytes (0: any number): a request beyond them is a lack of
 * memory. */
void sg_pool_limit(sg_pool *pool, size_t bytes);

/* Returns unused blocks to the system. */
void sg_pool_trim(sg_pool *pool);

/* Returns the bytes held from the system, and those handed out now (for tests that find leaks). */
size_t sg_pool_bytes_held(const sg_pool *pool);
size_t sg_pool_bytes_in_use(const sg_pool *pool);

#endif
