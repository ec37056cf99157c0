/* The arena that a document's values live in, and the making of values. */
#include "checkpoint/values/value_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

#define ALIGNMENT ((size_t)8)
/* Blocks start small, for small files are opened quickly, and double. */
#define SMALLEST_BLOCK ((size_t)16 << 10)
#define LARGEST_BLOCK ((size_t)256 << 10)
/* Values of a network's file take a few megabytes; the rest is for what else people save. No
 * operation of one byte that a pickler writes takes more than the ratio. */
#define TREE_LARGEST ((size_t)400 << 20)
#define TREE_BASE ((size_t)16 << 20)
#define TREE_RATIO 64
/* Numbers hardly compress, but a fresh optimiser's zeros do. */
#define WORK_BASE ((size_t)64 << 20)
#define WORK_RATIO 4
#define FIRST_CAPACITY 4

struct sg_tree_block {
    sg_tree_block *next;
    uint64_t reserved; /* keeps what follows aligned to 16 bytes */
};

/* What a file of this size may have. */
static size_t find_budget(size_t size, size_t ratio, size_t base)
{
    size_t budget;
    bool fits = sg_size_multiply(size, ratio, &budget) && sg_size_add(budget, base, &budget);
    return fits ? budget : SIZE_MAX;
}

void sg_tree_start(sg_document *document)
{
    size_t tree = find_budget(document->size, TREE_RATIO, TREE_BASE);
    document->tree_budget = tree < TREE_LARGEST ? tree : TREE_LARGEST;
    document->block_size = SMALLEST_BLOCK;
    document->work_budget = find_budget(document->size, WORK_RATIO, WORK_BASE);
    document->none.kind = SG_VALUE_NONE;
    document->yes.kind = SG_VALUE_BOOL;
    document->yes.boolean = true;
    document->no.kind = SG_VALUE_BOOL;
    document->empty_tuple.kind = SG_VALUE_TUPLE;
    for (int i = 0; i < SG_SHARED_INTEGERS; i++) {
        document->integers[i].kind = SG_VALUE_INTEGER;
        document->integers[i].integer = i;
    }
}

void sg_tree_end(sg_document *document)
{
    while (document->blocks) {
        sg_tree_block *block = document->blocks;
        document->blocks = block->next;
        free(block);
    }
}

bool sg_tree_charge(sg_document *document, size_t bytes)
{
    if (bytes > document->tree_budget)
        return false;
    document->tree_budget -= bytes;
    return true;
}

void sg_tree_refund(sg_document *document, size_t bytes)
{
    document->tree_budget += bytes;
}

/* A block with room for `bytes` bytes, in the document's list; the room, or NULL. */
static unsigned char *add_block(sg_document *document, size_t bytes)
{
    size_t total;
    if (!sg_size_add(bytes, sizeof(sg_tree_block), &total))
        return NULL;
    sg_tree_block *block = malloc(total);
    if (!block)
        return NULL;
    block->next = document->blocks;
    document->blocks = block;
    return (unsigned char *)(block + 1);
}

static void *allocate_large(sg_document *document, size_t bytes)
{
    if (!sg_tree_charge(document, bytes))
        return NULL;
    unsigned char *start = add_block(document, bytes);
    if (start)
        memset(start, 0, bytes);
    return start;
}

/* A new block for small values, twice as large as the one before. */
static bool start_block(sg_document *document)
{
    size_t size = document->block_size;
    if (!sg_tree_charge(document, size))
        return false;
    unsigned char *start = add_block(document, size);
    if (!start)
        return false;
    document->free_start = start;
    document->free_size = size;
    document->block_size = size < LARGEST_BLOCK ? 2 * size : size;
    return true;
}

void *sg_tree_allocate(sg_document *document, size_t bytes)
{
    size_t rounded;
    if (!sg_size_add(bytes, ALIGNMENT - 1, &rounded))
        return NULL;
    rounded -= rounded % ALIGNMENT;
    if (rounded > document->free_size) {
        if (rounded > document->block_size / 4)
            return allocate_large(document, rounded);
        if (!start_block(document))
            return NULL;
    }
    unsigned char *result = document->free_start;
    document->free_start += rounded;
    document->free_size -= rounded;
    return memset(result, 0, rounded);
}

bool sg_tree_charge_work(sg_document *document, size_t bytes)
{
    if (bytes > document->work_budget)
        return false;
    document->work_budget -= bytes;
    return true;
}

unsigned char *sg_tree_allocate_payload(sg_document *document, size_t bytes)
{
    return sg_tree_charge_work(document, bytes) ? add_block(document, bytes) : NULL;
}

/* In parentheses, since the header covers the name with a macro for the static analyser. */
sg_status(sg_tree_fail)(const sg_document *document, sg_error *error)
{
    return sg_fail(error, SG_ERROR_MEMORY,
                   "%s: what it unpacks to is larger than a file of its size can mean, or than "
                   "there is memory for",
                   document->path);
}

static sg_value *new_value(sg_document *document, sg_value_kind kind)
{
    sg_value *value = sg_tree_allocate(document, sizeof *value);
    if (value)
        value->kind = (uint8_t)kind;
    return value;
}

sg_value *sg_tree_integer(sg_document *document, int64_t integer)
{
    if (integer >= 0 && integer < SG_SHARED_INTEGERS)
        return &document->integers[integer];
    sg_value *value = new_value(document, SG_VALUE_INTEGER);
    if (value)
        value->integer = integer;
    return value;
}

sg_value *sg_tree_real(sg_document *document, double real)
{
    sg_value *value = new_value(document, SG_VALUE_REAL);
    if (value)
        value->real = real;
    return value;
}

sg_value *sg_tree_bytes(sg_document *document, const unsigned char *bytes, size_t size)
{
    sg_value *value = new_value(document, SG_VALUE_BYTES);
    if (value) {
        value->text.bytes = bytes;
        value->text.size = size;
    }
    return value;
}

char *sg_tree_copy_text(sg_document *document, const unsigned char *bytes, size_t size)
{
    size_t total;
    char *copy = sg_size_add(size, 1, &total) ? sg_tree_allocate(document, total) : NULL;
    if (copy && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

sg_value *sg_tree_text(sg_document *document, const unsigned char *bytes, size_t size)
{
    sg_value *value = sg_tree_bytes(document, bytes, size);
    if (!value)
        return NULL;
    value->kind = SG_VALUE_TEXT;
    if (size <= SG_TREE_LONGEST_COPIED_TEXT) {
        char *copy = sg_tree_copy_text(document, bytes, size);
        if (!copy)
            return NULL;
        value->text.bytes = (unsigned char *)copy;
        value->terminated = !memchr(copy, 0, size);
    }
    return value;
}

sg_value *sg_tree_items(sg_document *document, sg_value_kind kind, sg_value *const *items,
                        size_t count)
{
    if (kind == SG_VALUE_TUPLE && count == 0)
        return &document->empty_tuple;
    sg_value *value = new_value(document, kind);
    if (!value || !sg_tree_append(document, value, items, count))
        return NULL;
    return value;
}

sg_value *sg_tree_sharing(sg_document *document, sg_value_kind kind, const sg_value *other)
{
    sg_value *value = new_value(document, kind);
    if (value) {
        value->list.items = other->list.items;
        value->list.count = other->list.count;
        value->capacity = (uint32_t)other->list.count;
    }
    return value;
}

sg_value *sg_tree_object(sg_document *document, sg_value_kind kind, const char *class_name,
                         sg_value *arguments)
{
    sg_value *value = new_value(document, kind);
    if (value) {
        value->object.class_name = class_name;
        value->object.arguments = arguments;
    }
    return value;
}

sg_value *sg_tree_array(sg_document *document, sg_array *array)
{
    sg_value *value = new_value(document, SG_VALUE_ARRAY);
    if (value)
        value->array = array;
    return value;
}

/* Room for `needed` items: exactly so many at first, then doubled. */
static bool reserve_items(sg_document *document, sg_value *value, size_t needed)
{
    size_t capacity = value->capacity == 0 ? needed : (size_t)value->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    if (capacity < FIRST_CAPACITY && value->kind != SG_VALUE_TUPLE)
        capacity = FIRST_CAPACITY;
    size_t bytes;
    if (capacity > UINT32_MAX || !sg_size_multiply(capacity, sizeof(sg_value *), &bytes))
        return false;
    sg_value **items = sg_tree_allocate(document, bytes);
    if (!items)
        return false;
    if (value->list.count > 0)
        memcpy(items, value->list.items, value->list.count * sizeof *items);
    value->list.items = items;
    value->capacity = (uint32_t)capacity;
    return true;
}

bool sg_tree_append(sg_document *document, sg_value *value, sg_value *const *items, size_t count)
{
    if (count == 0)
        return true;
    size_t needed;
    if (!sg_size_add(value->list.count, count, &needed) ||
        (needed > value->capacity && !reserve_items(document, value, needed)))
        return false;
    memcpy(value->list.items + value->list.count, items, count * sizeof *items);
    value->list.count = needed;
    return true;
}
