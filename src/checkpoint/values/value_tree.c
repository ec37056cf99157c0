/*
 * The arena of a value tree, and the making of values. Small values come from blocks that double in
 * size, large ones get a block of their own; all are charged to the tree's budgets before memory is
 * taken.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle_hostile.c
 */
#include "checkpoint/values/value_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

#define ALIGNMENT ((size_t)8)
/* Blocks start small, so that small files open quickly, and double. */
#define SMALLEST_BLOCK ((size_t)16 << 10)
#define LARGEST_BLOCK ((size_t)256 << 10)
/* The values of a network's file take a few megabytes; the rest is for other content. No operation
 * of one byte that a pickler writes takes more memory than the ratio. */
#define TREE_LARGEST ((size_t)400 << 20)
#define TREE_BASE ((size_t)16 << 20)
#define TREE_RATIO 64
/* Numbers hardly compress, but a fresh optimiser's zeros do. */
#define WORK_BASE ((size_t)64 << 20)
#define WORK_RATIO 4
#define FIRST_CAPACITY 4

struct sg_tree_block {
    sg_tree_block *next;
    uint64_t reserved; /* aligns the data after it to 16 bytes */
};

/* size * ratio + base, or SIZE_MAX on overflow. */
static size_t find_budget(size_t size, size_t ratio, size_t base)
{
    size_t budget;
    bool fits = sg_size_multiply(size, ratio, &budget) && sg_size_add(budget, base, &budget);
    return fits ? budget : SIZE_MAX;
}

void sg_tree_start(sg_value_tree *tree)
{
    const size_t budget = find_budget(tree->size, TREE_RATIO, TREE_BASE);
    tree->tree_budget = budget < TREE_LARGEST ? budget : TREE_LARGEST;
    tree->block_size = SMALLEST_BLOCK;
    tree->work_budget = find_budget(tree->size, WORK_RATIO, WORK_BASE);
    tree->none.kind = SG_VALUE_NONE;
    tree->yes.kind = SG_VALUE_BOOL;
    tree->yes.boolean = true;
    tree->no.kind = SG_VALUE_BOOL;
    tree->empty_tuple.kind = SG_VALUE_TUPLE;
    for (int i = 0; i < SG_SHARED_INTEGERS; i++) {
        tree->integers[i].kind = SG_VALUE_INTEGER;
        tree->integers[i].integer = i;
    }
}

void sg_tree_end(sg_value_tree *tree)
{
    while (tree->blocks) {
        sg_tree_block *block = tree->blocks;
        tree->blocks = block->next;
        free(block);
    }
}

bool sg_tree_charge(sg_value_tree *tree, size_t bytes)
{
    if (bytes > tree->tree_budget)
        return false;
    tree->tree_budget -= bytes;
    return true;
}

void sg_tree_refund(sg_value_tree *tree, size_t bytes)
{
    tree->tree_budget += bytes;
}

/* Adds a block with room for `bytes` bytes to the tree; returns the room, or NULL. */
static unsigned char *add_block(sg_value_tree *tree, size_t bytes)
{
    size_t total;
    if (!sg_size_add(bytes, sizeof(sg_tree_block), &total))
        return NULL;
    sg_tree_block *block = malloc(total);
    if (!block)
        return NULL;
    block->next = tree->blocks;
    tree->blocks = block;
    return (unsigned char *)(block + 1);
}

static void *allocate_large(sg_value_tree *tree, size_t bytes)
{
    if (!sg_tree_charge(tree, bytes))
        return NULL;
    unsigned char *start = add_block(tree, bytes);
    if (start)
        memset(start, 0, bytes);
    return start;
}

/* Starts a block for small values, twice as large as the last one. */
static bool start_block(sg_value_tree *tree)
{
    size_t size = tree->block_size;
    if (!sg_tree_charge(tree, size))
        return false;
    unsigned char *start = add_block(tree, size);
    if (!start)
        return false;
    tree->free_start = start;
    tree->free_size = size;
    tree->block_size = size < LARGEST_BLOCK ? 2 * size : size;
    return true;
}

void *sg_tree_allocate(sg_value_tree *tree, size_t bytes)
{
    size_t rounded;
    if (!sg_size_add(bytes, ALIGNMENT - 1, &rounded))
        return NULL;
    rounded -= rounded % ALIGNMENT;
    if (rounded > tree->free_size) {
        if (rounded > tree->block_size / 4)
            return allocate_large(tree, rounded);
        if (!start_block(tree))
            return NULL;
    }
    unsigned char *result = tree->free_start;
    tree->free_start += rounded;
    tree->free_size -= rounded;
    return memset(result, 0, rounded);
}

bool sg_tree_charge_work(sg_value_tree *tree, size_t bytes)
{
    if (bytes > tree->work_budget)
        return false;
    tree->work_budget -= bytes;
    return true;
}

unsigned char *sg_tree_allocate_payload(sg_value_tree *tree, size_t bytes)
{
    return sg_tree_charge_work(tree, bytes) ? add_block(tree, bytes) : NULL;
}

/* In parentheses, since the header covers the name with a macro for the static analyser. */
sg_status(sg_tree_fail)(const sg_value_tree *tree, sg_error *error)
{
    return sg_fail(error, SG_ERROR_MEMORY,
                   "%s: what it unpacks to is larger than a file of its size can mean, or than "
                   "there is memory for",
                   tree->path);
}

static sg_value *new_value(sg_value_tree *tree, sg_value_kind kind)
{
    sg_value *value = sg_tree_allocate(tree, sizeof *value);
    if (value)
        value->kind = (uint8_t)kind;
    return value;
}

sg_value *sg_tree_integer(sg_value_tree *tree, int64_t integer)
{
    if (integer >= 0 && integer < SG_SHARED_INTEGERS)
        return &tree->integers[integer];
    sg_value *value = new_value(tree, SG_VALUE_INTEGER);
    if (value)
        value->integer = integer;
    return value;
}

sg_value *sg_tree_real(sg_value_tree *tree, double real)
{
    sg_value *value = new_value(tree, SG_VALUE_REAL);
    if (value)
        value->real = real;
    return value;
}

sg_value *sg_tree_bytes(sg_value_tree *tree, const unsigned char *bytes, size_t size)
{
    sg_value *value = new_value(tree, SG_VALUE_BYTES);
    if (value) {
        value->text.bytes = bytes;
        value->text.size = size;
    }
    return value;
}

char *sg_tree_copy_text(sg_value_tree *tree, const unsigned char *bytes, size_t size)
{
    size_t total;
    char *copy = sg_size_add(size, 1, &total) ? sg_tree_allocate(tree, total) : NULL;
    if (copy && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

sg_value *sg_tree_text(sg_value_tree *tree, const unsigned char *bytes, size_t size)
{
    sg_value *value = sg_tree_bytes(tree, bytes, size);
    if (!value)
        return NULL;
    value->kind = SG_VALUE_TEXT;
    if (size <= SG_TREE_LONGEST_COPIED_TEXT) {
        char *copy = sg_tree_copy_text(tree, bytes, size);
        if (!copy)
            return NULL;
        value->text.bytes = (unsigned char *)copy;
        value->terminated = !memchr(copy, 0, size);
    }
    return value;
}

sg_value *sg_tree_items(sg_value_tree *tree, sg_value_kind kind, sg_value *const *items,
                        size_t count)
{
    if (kind == SG_VALUE_TUPLE && count == 0)
        return &tree->empty_tuple;
    sg_value *value = new_value(tree, kind);
    if (!value || !sg_tree_append(tree, value, items, count))
        return NULL;
    return value;
}

sg_value *sg_tree_sharing(sg_value_tree *tree, sg_value_kind kind, const sg_value *other)
{
    sg_value *value = new_value(tree, kind);
    if (value) {
        value->list.items = other->list.items;
        value->list.count = other->list.count;
        value->capacity = (uint32_t)other->list.count;
    }
    return value;
}

sg_value *sg_tree_object(sg_value_tree *tree, sg_value_kind kind, sg_value_role role,
                         const char *class_name)
{
    sg_value *value = new_value(tree, kind);
    if (value) {
        value->role = (uint8_t)role;
        value->object.class_name = class_name;
    }
    return value;
}

sg_value *sg_tree_call(sg_value_tree *tree, sg_value_kind kind, const char *class_name,
                       sg_value *const *arguments, size_t count)
{
    sg_value *tuple = sg_tree_items(tree, SG_VALUE_TUPLE, arguments, count);
    sg_value *value = tuple ? sg_tree_object(tree, kind, SG_ROLE_NONE, class_name) : NULL;
    if (value)
        value->object.arguments = tuple;
    return value;
}

sg_value *sg_tree_array(sg_value_tree *tree, sg_array *array)
{
    sg_value *value = new_value(tree, SG_VALUE_ARRAY);
    if (value)
        value->array = array;
    return value;
}

/* Makes room for `needed` items: exactly as many at first, then doubled. */
static bool reserve_items(sg_value_tree *tree, sg_value *value, size_t needed)
{
    size_t capacity = value->capacity == 0 ? needed : (size_t)value->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    if (capacity < FIRST_CAPACITY && value->kind != SG_VALUE_TUPLE)
        capacity = FIRST_CAPACITY;
    size_t bytes;
    if (capacity > UINT32_MAX || !sg_size_multiply(capacity, sizeof(sg_value *), &bytes))
        return false;
    sg_value **items = sg_tree_allocate(tree, bytes);
    if (!items)
        return false;
    if (value->list.count > 0)
        memcpy(items, value->list.items, value->list.count * sizeof *items);
    value->list.items = items;
    value->capacity = (uint32_t)capacity;
    return true;
}

bool sg_tree_append(sg_value_tree *tree, sg_value *value, sg_value *const *items, size_t count)
{
    if (count == 0)
        return true;
    size_t needed;
    if (!sg_size_add(value->list.count, count, &needed) ||
        (needed > value->capacity && !reserve_items(tree, value, needed)))
        return false;
    memcpy(value->list.items + value->list.count, items, count * sizeof *items);
    value->list.count = needed;
    return true;
}
