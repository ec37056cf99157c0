/* Checked size arithmetic over the compiler's builtins, and heap allocation that uses it. */
#include "base/allocate.h"

#include <stdlib.h>
#include <string.h>

bool sg_size_multiply(size_t a, size_t b, size_t *product)
{
    size_t result;
    if (__builtin_mul_overflow(a, b, &result))
        return false;
    *product = result;
    return true;
}

bool sg_size_add(size_t a, size_t b, size_t *sum)
{
    size_t result;
    if (__builtin_add_overflow(a, b, &result))
        return false;
    *sum = result;
    return true;
}

void *sg_allocate(size_t count, size_t size)
{
    size_t bytes;
    if (!sg_size_multiply(count, size, &bytes))
        return NULL;
    /* calloc(0) may give NULL, which callers would take for lack of memory. */
    return calloc(bytes > 0 ? bytes : 1, 1);
}

void *sg_reallocate(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!sg_size_multiply(count, size, &bytes))
        return NULL;
    /* realloc to zero bytes would free the block and give NULL. */
    return realloc(block, bytes > 0 ? bytes : 1);
}

bool sg_grow(void *array, size_t *capacity, size_t count, size_t item_size)
{
    enum { FIRST_CAPACITY = 16 };
    void *items;
    size_t wanted = FIRST_CAPACITY;
    if (count < *capacity)
        return true;
    if (*capacity > 0 && !sg_size_multiply(*capacity, 2, &wanted))
        return false;
    /* Copied, since `array` may point to a pointer of any type. */
    memcpy(&items, array, sizeof items);
    items = sg_reallocate(items, wanted, item_size);
    if (!items)
        return false;
    memcpy(array, &items, sizeof items);
    *capacity = wanted;
    return true;
}

char *sg_duplicate_text(const char *text)
{
    return text ? strdup(text) : NULL;
}
