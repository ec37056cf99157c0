/*
 * The input and the stacks of the pickle interpreter. Every length is checked against the bytes
 * that are left, and the stacks are charged to the tree's budget.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle_hostile.c
 */
#include "checkpoint/pickle/pickle_machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"

#define FIRST_CAPACITY ((size_t)32)

/* ---- failures ---- */

/* Prints the offset of the operation in the file, or in the data that were unpacked from it. */
static void print_place(const sg_pickle *pickle, char *text, size_t size)
{
    const sg_value_tree *tree = pickle->tree;
    uintptr_t start = (uintptr_t)pickle->bytes;
    uintptr_t file = (uintptr_t)tree->bytes;
    if (start >= file && start - file <= tree->size)
        snprintf(text, size, "byte %zu", (size_t)(start - file) + pickle->opcode);
    else
        snprintf(text, size, "byte %zu of an unpacked part", pickle->opcode);
}

/* In parentheses, since the header covers the names with macros for the static analyser. */
sg_status(sg_pickle_fail)(sg_pickle *pickle, const char *format, ...)
{
    char place[64];
    char sentence[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    print_place(pickle, place, sizeof place);
    return sg_fail(pickle->error, SG_ERROR_FORMAT, "%s: %s: %s", pickle->tree->path, place,
                   sentence);
}

sg_status(sg_pickle_fail_memory)(sg_pickle *pickle)
{
    return sg_tree_fail(pickle->tree, pickle->error);
}

sg_status sg_pickle_give(sg_pickle *pickle, sg_value *value, sg_value **result)
{
    *result = value;
    return value ? SG_OK : sg_pickle_fail_memory(pickle);
}

/* ---- input ---- */

sg_status sg_pickle_take(sg_pickle *pickle, size_t size, const unsigned char **bytes)
{
    *bytes = NULL;
    if (size > pickle->size - pickle->at)
        return sg_pickle_fail(pickle, "the pickle ends early: %zu bytes are needed, %zu are left",
                              size, pickle->size - pickle->at);
    *bytes = pickle->bytes + pickle->at;
    pickle->at += size;
    return SG_OK;
}

sg_status sg_pickle_take_number(sg_pickle *pickle, size_t size, uint64_t *number)
{
    const unsigned char *bytes;
    *number = 0;
    SG_TRY(sg_pickle_take(pickle, size, &bytes));
    for (size_t i = 0; i < size; i++)
        *number |= (uint64_t)bytes[i] << (8 * i);
    return SG_OK;
}

sg_status sg_pickle_take_counted(sg_pickle *pickle, int width, bool is_signed,
                                 const unsigned char **bytes, size_t *count)
{
    uint64_t number;
    *bytes = NULL;
    *count = 0;
    SG_TRY(sg_pickle_take_number(pickle, (size_t)width, &number));
    if (is_signed && number > INT32_MAX)
        return sg_pickle_fail(pickle, "a length of %d bytes is negative", (int)(int32_t)number);
    *count = (size_t)number;
    return sg_pickle_take(pickle, *count, bytes);
}

sg_status sg_pickle_take_line(sg_pickle *pickle, const unsigned char **line, size_t *length)
{
    *line = NULL;
    *length = 0;
    const unsigned char *start = pickle->bytes + pickle->at;
    const unsigned char *end = memchr(start, '\n', pickle->size - pickle->at);
    if (!end)
        return sg_pickle_fail(pickle, "the pickle ends early, within a line of text");
    *line = start;
    *length = (size_t)(end - start);
    pickle->at += *length + 1;
    return SG_OK;
}

/* ---- stack ---- */

sg_status sg_pickle_grow(sg_pickle *pickle, void **table, size_t *capacity, size_t element,
                         size_t needed)
{
    size_t larger = *capacity > 0 ? *capacity * 2 : FIRST_CAPACITY;
    size_t bytes;
    larger = larger > needed ? larger : needed;
    if (!sg_size_multiply(larger - *capacity, element, &bytes) ||
        !sg_tree_charge(pickle->tree, bytes))
        return sg_pickle_fail_memory(pickle);
    void *grown = sg_reallocate(*table, larger, element);
    if (!grown) {
        sg_tree_refund(pickle->tree, bytes);
        return sg_pickle_fail_memory(pickle);
    }
    *table = grown;
    *capacity = larger;
    return SG_OK;
}

sg_status sg_pickle_push(sg_pickle *pickle, sg_value *value)
{
    if (!value)
        return sg_pickle_fail_memory(pickle);
    if (pickle->count == pickle->capacity)
        SG_TRY(sg_pickle_grow(pickle, (void **)&pickle->stack, &pickle->capacity,
                              sizeof *pickle->stack, pickle->count + 1));
    pickle->stack[pickle->count++] = value;
    return SG_OK;
}

sg_status sg_pickle_top(sg_pickle *pickle, size_t count, sg_value ***values)
{
    size_t floor = pickle->mark_count > 0 ? pickle->marks[pickle->mark_count - 1] : 0;
    *values = NULL;
    if (pickle->count - floor < count)
        return sg_pickle_fail(pickle, "the operation needs %zu values, but the stack has %zu",
                              count, pickle->count - floor);
    *values = pickle->stack + pickle->count - count;
    return SG_OK;
}

void sg_pickle_drop(sg_pickle *pickle, size_t count)
{
    pickle->count -= count;
}

sg_status sg_pickle_pop_mark(sg_pickle *pickle, sg_value ***values, size_t *count)
{
    *values = NULL;
    *count = 0;
    if (pickle->mark_count == 0)
        return sg_pickle_fail(pickle, "the operation needs a mark on the stack, and there is none");
    size_t height = pickle->marks[--pickle->mark_count];
    *values = pickle->stack + height;
    *count = pickle->count - height;
    pickle->count = height;
    return SG_OK;
}
