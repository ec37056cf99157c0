/*
 * The memory pool. A block in memory:
 *
 *     | header, 64 bytes | content, a multiple of 64 bytes |
 *                        ^ what the caller gets, 64-byte aligned
 *
 * Size classes: 64, 128 .. 512 bytes, then eight equal steps from each power of two to the next
 * (576, 640 .. 1024, 1152 ..), so that rounding wastes at most an eighth. Released blocks wait in
 * one list per class. All blocks are also in one doubly linked list, to destroy and trim them.
 *
 * Under the address sanitizer, released blocks and the rounding of handed-out ones are poisoned.
 */
#include "base/pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "base/allocate.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(address, bytes) ASAN_POISON_MEMORY_REGION(address, bytes)
#define UNPOISON(address, bytes) ASAN_UNPOISON_MEMORY_REGION(address, bytes)
#else
#define POISON(address, bytes) ((void)(address), (void)(bytes))
#define UNPOISON(address, bytes) ((void)(address), (void)(bytes))
#endif

#define ALIGNMENT 64
/* Large blocks get huge pages where the system has them: fewer faults on first use, and images
 * whose rows are far apart do not exhaust the address translations. */
#define HUGE_PAGE ((size_t)2 << 20)
#define LARGE (2 * HUGE_PAGE)
#define STEPS_PER_DOUBLING 8
/* 512 = 2^9 is the last of the classes that are plain multiples of 64. */
#define SMALLEST_DOUBLING 9
#define CLASS_COUNT (STEPS_PER_DOUBLING * (64 - SMALLEST_DOUBLING + 1))

typedef struct block {
    struct block *previous; /* among all blocks of the pool */
    struct block *next;
    struct block *next_free; /* in the list of its class, while free */
    size_t bytes;            /* of content */
    size_t class_index;
    bool in_use;
} block;

_Static_assert(sizeof(block) <= ALIGNMENT, "a block's header must fit before its content");

struct sg_pool {
    block *all;
    block *free_lists[CLASS_COUNT];
    block *scratch;
    size_t bytes_in_use;
    size_t bytes_held;
    size_t most; /* bytes held at most; 0: any number */
    bool hollow; /* blocks are headers alone */
};

static void *content_of(block *header)
{
    return (char *)header + ALIGNMENT;
}

static block *header_of(void *content)
{
    return (block *)(void *)((char *)content - ALIGNMENT);
}

/* Finds the class of a request and its block size; false when no block could be that large. */
static bool find_class(size_t bytes, size_t *class_index, size_t *class_bytes)
{
    if (bytes > SIZE_MAX / 4)
        return false;
    if (bytes == 0)
        bytes = 1;
    size_t first_class = 0;
    size_t base = 0;
    size_t step = ALIGNMENT;
    if (bytes > (size_t)1 << SMALLEST_DOUBLING) {
        unsigned doubling = 63u - (unsigned)__builtin_clzll((unsigned long long)(bytes - 1));
        base = (size_t)1 << doubling;
        step = base / STEPS_PER_DOUBLING;
        first_class = STEPS_PER_DOUBLING * (size_t)(doubling - SMALLEST_DOUBLING + 1);
    }
    size_t steps = (bytes - base + step - 1) / step;
    *class_index = first_class + steps - 1;
    *class_bytes = base + steps * step;
    return true;
}

sg_pool *sg_pool_create(void)
{
    return sg_allocate(1, sizeof(sg_pool));
}

sg_pool *sg_pool_create_hollow(void)
{
    sg_pool *pool = sg_pool_create();
    if (pool)
        pool->hollow = true;
    return pool;
}

/* Marks content as readable, or not, for the address sanitizer. */
static void unpoison(const sg_pool *pool, void *content, size_t bytes)
{
    if (!pool->hollow)
        UNPOISON(content, bytes);
}

static void poison(const sg_pool *pool, void *content, size_t bytes)
{
    if (!pool->hollow)
        POISON(content, bytes);
}

static void free_all_blocks(sg_pool *pool)
{
    block *next;
    for (block *at = pool->all; at; at = next) {
        next = at->next;
        unpoison(pool, content_of(at), at->bytes);
        free(at);
    }
}

void sg_pool_destroy(sg_pool *pool)
{
    if (pool) {
        free_all_blocks(pool);
        free(pool);
    }
}

/* True if a block of so many bytes is beyond the pool's limit. */
static bool exceeds(const sg_pool *pool, size_t bytes)
{
    return pool->most > 0 &&
           (pool->bytes_held > pool->most || bytes > pool->most - pool->bytes_held);
}

/* Returns the bytes that a header and content take: large blocks are made of huge pages. */
static size_t taken_bytes(size_t class_bytes)
{
    const size_t bytes = ALIGNMENT + class_bytes;
    return bytes < LARGE ? bytes : (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

/* Takes memory for a header and content from the system; NULL on lack of memory. */
static void *system_memory(const sg_pool *pool, size_t class_bytes)
{
    const size_t whole = taken_bytes(class_bytes);
    if (exceeds(pool, whole))
        return NULL;
    if (pool->hollow || whole < LARGE)
        return aligned_alloc(ALIGNMENT, pool->hollow ? ALIGNMENT : whole);
    void *memory = aligned_alloc(HUGE_PAGE, whole);
#ifdef MADV_HUGEPAGE
    if (memory)
        (void)madvise(memory, whole, MADV_HUGEPAGE); /* ordinary pages do as well */
#endif
    return memory;
}

/* Takes a new block from the system and links it into `all`; NULL on lack of memory. */
static block *create_block(sg_pool *pool, size_t class_index, size_t class_bytes)
{
    block *header = system_memory(pool, class_bytes);
    if (!header) {
        /* Free blocks may be the memory that the system lacks. */
        sg_pool_trim(pool);
        header = system_memory(pool, class_bytes);
    }
    if (!header)
        return NULL;
    *header = (block){.next = pool->all, .bytes = class_bytes, .class_index = class_index};
    if (pool->all)
        pool->all->previous = header;
    pool->all = header;
    pool->bytes_held += taken_bytes(class_bytes);
    poison(pool, content_of(header), class_bytes);
    return header;
}

static block *take_free_block(sg_pool *pool, size_t class_index)
{
    block *header = pool->free_lists[class_index];
    if (header) {
        pool->free_lists[class_index] = header->next_free;
        header->next_free = NULL;
    }
    return header;
}

void *sg_pool_allocate(sg_pool *pool, size_t bytes)
{
    size_t class_index;
    size_t class_bytes;
    if (!find_class(bytes, &class_index, &class_bytes))
        return NULL;
    block *header = take_free_block(pool, class_index);
    if (!header)
        header = create_block(pool, class_index, class_bytes);
    if (!header)
        return NULL;
    header->in_use = true;
    pool->bytes_in_use += class_bytes;
    unpoison(pool, content_of(header), bytes);
    return content_of(header);
}

void sg_pool_release(sg_pool *pool, void *content)
{
    if (!content)
        return;
    block *header = header_of(content);
    assert(header->in_use);
    header->in_use = false;
    header->next_free = pool->free_lists[header->class_index];
    pool->free_lists[header->class_index] = header;
    pool->bytes_in_use -= header->bytes;
    poison(pool, content, header->bytes);
}

static void destroy_block(sg_pool *pool, block *header)
{
    if (header->previous)
        header->previous->next = header->next;
    else
        pool->all = header->next;
    if (header->next)
        header->next->previous = header->previous;
    pool->bytes_held -= taken_bytes(header->bytes);
    unpoison(pool, content_of(header), header->bytes);
    free(header);
}

void *sg_pool_scratch(sg_pool *pool, size_t bytes)
{
    size_t class_index;
    size_t class_bytes;
    if (pool->scratch && pool->scratch->bytes >= bytes)
        return content_of(pool->scratch);
    if (!find_class(bytes, &class_index, &class_bytes))
        return NULL;
    if (pool->scratch)
        destroy_block(pool, pool->scratch);
    pool->scratch = create_block(pool, class_index, class_bytes);
    if (!pool->scratch)
        return NULL;
    unpoison(pool, content_of(pool->scratch), class_bytes);
    return content_of(pool->scratch);
}

void sg_pool_limit(sg_pool *pool, size_t bytes)
{
    pool->most = bytes;
}

void sg_pool_trim(sg_pool *pool)
{
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        block *header;
        while ((header = take_free_block(pool, i)))
            destroy_block(pool, header);
    }
}

size_t sg_pool_bytes_held(const sg_pool *pool)
{
    return pool->bytes_held;
}

size_t sg_pool_bytes_in_use(const sg_pool *pool)
{
    return pool->bytes_in_use;
}
