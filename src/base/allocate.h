/* Checked size arithmetic and heap allocation, for every length that comes from outside. */
#ifndef SG_BASE_ALLOCATE_H
#define SG_BASE_ALLOCATE_H

#include <stdbool.h>
#include <stddef.h>

/* Sets *product to a * b; false on overflow, with *product unchanged. */
bool sg_size_multiply(size_t a, size_t b, size_t *product);

/* Sets *sum to a + b; false on overflow, with *sum unchanged. */
bool sg_size_add(size_t a, size_t b, size_t *sum);

/* Allocates `count` zeroed elements of `size` bytes, which the caller frees; NULL on overflow or
 * lack of memory. */
void *sg_allocate(size_t count, size_t size);

/*
 * Resizes a block to `count` elements of `size` bytes, as realloc does; NULL, with the old block
 * kept, on overflow or lack of memory.
 */
void *sg_reallocate(void *block, size_t count, size_t size);

/*
 * Makes room for one item more than `count` in a growing array, doubling it when it is full:
 * `array` points to the pointer to its items of `item_size` bytes, *capacity is how many fit.
 * Returns false, with the array unchanged, on lack of memory or overflow.
 */
bool sg_grow(void *array, size_t *capacity, size_t count, size_t item_size);

/* Copies `text` to the heap; NULL for NULL or on lack of memory. */
char *sg_duplicate_text(const char *text);

#endif
