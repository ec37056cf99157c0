/* Checked size arithmetic and heap allocation; every length from outside passes here. */
#ifndef SG_BASE_ALLOCATE_H
#define SG_BASE_ALLOCATE_H

#include <stdbool.h>
#include <stddef.h>

/* *product = a * b; false on overflow, with *product untouched. */
bool sg_size_multiply(size_t a, size_t b, size_t *product);

/* *sum = a + b; false on overflow, with *sum untouched. */
bool sg_size_add(size_t a, size_t b, size_t *sum);

/* `count` zeroed elements of `size` bytes; NULL on overflow or lack of memory. Caller frees. */
void *sg_allocate(size_t count, size_t size);

/*
 * realloc to `count` elements of `size` bytes; NULL (and the old block kept) on overflow or lack
 * of memory.
 */
void *sg_reallocate(void *block, size_t count, size_t size);

/*
 * Makes room for one item more than `count` in a growing array: `array` points to the pointer to
 * its items of `item_size` bytes, *capacity is how many fit. Doubles it when it is full. False,
 * with the array as it was, on lack of memory or overflow.
 */
bool sg_grow(void *array, size_t *capacity, size_t count, size_t item_size);

/* A heap copy of `text`; NULL for NULL or lack of memory. */
char *sg_duplicate_text(const char *text);

#endif
