/* The pickle interpreter: input, stacks, memo, containers and the loop over operations. */
#include "checkpoint/pickle/pickle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/pickle/pickle_machine.h"

#define NEWEST_PROTOCOL 5
#define FIRST_CAPACITY ((size_t)32)

/* ---- failures ---- */

/* Where the operation lies: in the file, or in what was unpacked from it. */
static void print_place(const sg_pickle *pickle, char *text, size_t size)
{
    const sg_document *document = pickle->document;
    uintptr_t start = (uintptr_t)pickle->bytes;
    uintptr_t file = (uintptr_t)document->bytes;
    if (start >= file && start - file <= document->size)
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
    return sg_fail(pickle->error, SG_ERROR_FORMAT, "%s: %s: %s", pickle->document->path, place,
                   sentence);
}

sg_status(sg_pickle_fail_memory)(sg_pickle *pickle)
{
    return sg_tree_fail(pickle->document, pickle->error);
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
    sg_status status = sg_pickle_take(pickle, size, &bytes);
    for (size_t i = 0; !status && i < size; i++)
        *number |= (uint64_t)bytes[i] << (8 * i);
    return status;
}

sg_status sg_pickle_take_counted(sg_pickle *pickle, size_t size, const unsigned char **bytes,
                                 size_t *count)
{
    uint64_t number;
    sg_status status = sg_pickle_take_number(pickle, size, &number);
    *count = (size_t)number;
    return !status ? sg_pickle_take(pickle, *count, bytes) : status;
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

/* Makes room in one of the machine's tables; false on lack of budget or memory. */
static bool grow_table(sg_pickle *pickle, void **table, size_t *capacity, size_t element,
                       size_t needed)
{
    size_t larger = *capacity > 0 ? *capacity * 2 : FIRST_CAPACITY;
    size_t bytes;
    larger = larger > needed ? larger : needed;
    if (!sg_size_multiply(larger - *capacity, element, &bytes) ||
        !sg_tree_charge(pickle->document, bytes))
        return false;
    void *grown = sg_reallocate(*table, larger, element);
    if (!grown) {
        sg_tree_refund(pickle->document, bytes);
        return false;
    }
    *table = grown;
    *capacity = larger;
    return true;
}

sg_status sg_pickle_push(sg_pickle *pickle, sg_value *value)
{
    if (!value || (pickle->count == pickle->capacity &&
                   !grow_table(pickle, (void **)&pickle->stack, &pickle->capacity,
                               sizeof *pickle->stack, pickle->count + 1)))
        return sg_pickle_fail_memory(pickle);
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

static sg_status mark(sg_pickle *pickle)
{
    if (pickle->mark_count == pickle->mark_capacity &&
        !grow_table(pickle, (void **)&pickle->marks, &pickle->mark_capacity, sizeof *pickle->marks,
                    pickle->mark_count + 1))
        return sg_pickle_fail_memory(pickle);
    pickle->marks[pickle->mark_count++] = pickle->count;
    return SG_OK;
}

static sg_status pop(sg_pickle *pickle)
{
    sg_value **values;
    size_t count;
    size_t floor = pickle->mark_count > 0 ? pickle->marks[pickle->mark_count - 1] : 0;
    if (pickle->mark_count > 0 && pickle->count == floor)
        return sg_pickle_pop_mark(pickle, &values, &count);
    sg_status status = sg_pickle_top(pickle, 1, &values);
    if (!status)
        sg_pickle_drop(pickle, 1);
    return status;
}

static sg_status pop_to_mark(sg_pickle *pickle)
{
    sg_value **values;
    size_t count;
    return sg_pickle_pop_mark(pickle, &values, &count);
}

static sg_status duplicate(sg_pickle *pickle)
{
    sg_value **values;
    sg_status status = sg_pickle_top(pickle, 1, &values);
    return !status ? sg_pickle_push(pickle, values[0]) : status;
}

/* ---- memo ---- */

static sg_status memo_put(sg_pickle *pickle, uint64_t index)
{
    sg_value **top;
    sg_status status = sg_pickle_top(pickle, 1, &top);
    if (status)
        return status;
    /* Writers count up, so that an index never exceeds the bytes that it took to get there. */
    if (index > pickle->at)
        return sg_pickle_fail(pickle, "the memo's index %llu is larger than any writer makes it",
                              (unsigned long long)index);
    size_t slot = (size_t)index;
    size_t old = pickle->memo_capacity;
    if (slot >= old) {
        if (!grow_table(pickle, (void **)&pickle->memo, &pickle->memo_capacity,
                        sizeof *pickle->memo, slot + 1))
            return sg_pickle_fail_memory(pickle);
        memset(pickle->memo + old, 0, (pickle->memo_capacity - old) * sizeof *pickle->memo);
    }
    if (!pickle->memo[slot])
        pickle->memo_count++;
    pickle->memo[slot] = *top;
    return SG_OK;
}

static sg_status memo_get(sg_pickle *pickle, uint64_t index)
{
    if (index >= pickle->memo_capacity || !pickle->memo[index])
        return sg_pickle_fail(pickle, "the memo holds nothing under the index %llu",
                              (unsigned long long)index);
    return sg_pickle_push(pickle, pickle->memo[index]);
}

static sg_status take_decimal(sg_pickle *pickle, uint64_t *number)
{
    const unsigned char *line;
    size_t length;
    sg_status status = sg_pickle_take_line(pickle, &line, &length);
    *number = 0;
    for (size_t i = 0; !status && i < length; i++) {
        if (line[i] < '0' || line[i] > '9' || length > 18)
            return sg_pickle_fail(pickle, "a memo's index is not a whole number");
        *number = *number * 10 + (uint64_t)(line[i] - '0');
    }
    return status;
}

static sg_status put(sg_pickle *pickle)
{
    uint64_t index;
    sg_status status = take_decimal(pickle, &index);
    return !status ? memo_put(pickle, index) : status;
}

static sg_status put_short(sg_pickle *pickle)
{
    uint64_t index;
    sg_status status = sg_pickle_take_number(pickle, 1, &index);
    return !status ? memo_put(pickle, index) : status;
}

static sg_status put_long(sg_pickle *pickle)
{
    uint64_t index;
    sg_status status = sg_pickle_take_number(pickle, 4, &index);
    return !status ? memo_put(pickle, index) : status;
}

static sg_status memoize(sg_pickle *pickle)
{
    return memo_put(pickle, pickle->memo_count);
}

static sg_status get(sg_pickle *pickle)
{
    uint64_t index;
    sg_status status = take_decimal(pickle, &index);
    return !status ? memo_get(pickle, index) : status;
}

static sg_status get_short(sg_pickle *pickle)
{
    uint64_t index;
    sg_status status = sg_pickle_take_number(pickle, 1, &index);
    return !status ? memo_get(pickle, index) : status;
}

static sg_status get_long(sg_pickle *pickle)
{
    uint64_t index;
    sg_status status = sg_pickle_take_number(pickle, 4, &index);
    return !status ? memo_get(pickle, index) : status;
}

/* ---- containers ---- */

static sg_status push_items(sg_pickle *pickle, sg_value_kind kind, sg_value **items, size_t count)
{
    return sg_pickle_push(pickle, sg_tree_items(pickle->document, kind, items, count));
}

static sg_status empty_list(sg_pickle *pickle)
{
    return push_items(pickle, SG_VALUE_LIST, NULL, 0);
}

static sg_status empty_dict(sg_pickle *pickle)
{
    return push_items(pickle, SG_VALUE_DICT, NULL, 0);
}

static sg_status empty_set(sg_pickle *pickle)
{
    return push_items(pickle, SG_VALUE_SET, NULL, 0);
}

static sg_status empty_tuple(sg_pickle *pickle)
{
    return sg_pickle_push(pickle, &pickle->document->empty_tuple);
}

/* A container of all above the mark. */
static sg_status gather(sg_pickle *pickle, sg_value_kind kind)
{
    sg_value **items;
    size_t count;
    sg_status status = sg_pickle_pop_mark(pickle, &items, &count);
    if (!status && kind == SG_VALUE_DICT && count % 2 != 0)
        return sg_pickle_fail(pickle, "a dict has a key without a value");
    return !status ? push_items(pickle, kind, items, count) : status;
}

static sg_status gather_list(sg_pickle *pickle)
{
    return gather(pickle, SG_VALUE_LIST);
}

static sg_status gather_tuple(sg_pickle *pickle)
{
    return gather(pickle, SG_VALUE_TUPLE);
}

static sg_status gather_dict(sg_pickle *pickle)
{
    return gather(pickle, SG_VALUE_DICT);
}

static sg_status gather_set(sg_pickle *pickle)
{
    return gather(pickle, SG_VALUE_SET);
}

static sg_status tuple_of(sg_pickle *pickle, size_t count)
{
    sg_value **items;
    sg_status status = sg_pickle_top(pickle, count, &items);
    if (status)
        return status;
    sg_value *tuple = sg_tree_items(pickle->document, SG_VALUE_TUPLE, items, count);
    sg_pickle_drop(pickle, count);
    return sg_pickle_push(pickle, tuple);
}

static sg_status tuple_of_one(sg_pickle *pickle)
{
    return tuple_of(pickle, 1);
}

static sg_status tuple_of_two(sg_pickle *pickle)
{
    return tuple_of(pickle, 2);
}

static sg_status tuple_of_three(sg_pickle *pickle)
{
    return tuple_of(pickle, 3);
}

/*
 * Adds to a container of that kind. What is put into objects of other kinds is dropped with what
 * their methods would have made of it.
 */
static sg_status extend(sg_pickle *pickle, sg_value *target, sg_value_kind kind, sg_value **items,
                        size_t count)
{
    if (target->kind == SG_VALUE_INERT || target->kind == SG_VALUE_OBJECT)
        return SG_OK;
    if (target->kind != (uint8_t)kind) {
        char text[200];
        return sg_pickle_fail(pickle, "items are added to %s", sg_value_describe(target, text));
    }
    if (kind == SG_VALUE_DICT && count % 2 != 0)
        return sg_pickle_fail(pickle, "a dict has a key without a value");
    return sg_tree_append(pickle->document, target, items, count) ? SG_OK
                                                                  : sg_pickle_fail_memory(pickle);
}

static sg_status extend_by(sg_pickle *pickle, sg_value_kind kind, size_t count)
{
    sg_value **values;
    sg_status status = sg_pickle_top(pickle, count + 1, &values);
    if (status)
        return status;
    sg_pickle_drop(pickle, count);
    return extend(pickle, values[0], kind, values + 1, count);
}

static sg_status append(sg_pickle *pickle)
{
    return extend_by(pickle, SG_VALUE_LIST, 1);
}

static sg_status set_item(sg_pickle *pickle)
{
    return extend_by(pickle, SG_VALUE_DICT, 2);
}

static sg_status extend_to_mark(sg_pickle *pickle, sg_value_kind kind)
{
    sg_value **items;
    sg_value **target;
    size_t count;
    sg_status status = sg_pickle_pop_mark(pickle, &items, &count);
    if (!status)
        status = sg_pickle_top(pickle, 1, &target);
    return !status ? extend(pickle, *target, kind, items, count) : status;
}

static sg_status append_all(sg_pickle *pickle)
{
    return extend_to_mark(pickle, SG_VALUE_LIST);
}

static sg_status set_items(sg_pickle *pickle)
{
    return extend_to_mark(pickle, SG_VALUE_DICT);
}

static sg_status add_items(sg_pickle *pickle)
{
    return extend_to_mark(pickle, SG_VALUE_SET);
}

/* ---- structure ---- */

static sg_status protocol(sg_pickle *pickle)
{
    uint64_t number;
    sg_status status = sg_pickle_take_number(pickle, 1, &number);
    if (!status && number > NEWEST_PROTOCOL)
        return sg_pickle_fail(pickle,
                              "the pickle is of protocol %u, newer than the %d that is known",
                              (unsigned)number, NEWEST_PROTOCOL);
    return status;
}

/* Frames only help readers of streams; all that matters here is that their length is no lie. */
static sg_status frame(sg_pickle *pickle)
{
    uint64_t length;
    sg_status status = sg_pickle_take_number(pickle, 8, &length);
    if (!status && length > pickle->size - pickle->at)
        return sg_pickle_fail(pickle, "a frame of %llu bytes is announced, but only %zu are left",
                              (unsigned long long)length, pickle->size - pickle->at);
    return status;
}

static sg_status buffer(sg_pickle *pickle)
{
    return sg_pickle_fail(pickle,
                          "the pickle refers to a buffer outside of the file, which is not there");
}

static sg_status read_only_buffer(sg_pickle *pickle)
{
    sg_value **top;
    return sg_pickle_top(pickle, 1, &top);
}

static const sg_pickle_operation operations[256] = {
    ['('] = mark,
    ['0'] = pop,
    ['1'] = pop_to_mark,
    ['2'] = duplicate,
    ['p'] = put,
    ['q'] = put_short,
    ['r'] = put_long,
    [0x94] = memoize,
    ['g'] = get,
    ['h'] = get_short,
    ['j'] = get_long,
    [']'] = empty_list,
    ['}'] = empty_dict,
    [')'] = empty_tuple,
    [0x8f] = empty_set,
    ['l'] = gather_list,
    ['t'] = gather_tuple,
    ['d'] = gather_dict,
    [0x91] = gather_set,
    [0x85] = tuple_of_one,
    [0x86] = tuple_of_two,
    [0x87] = tuple_of_three,
    ['a'] = append,
    ['s'] = set_item,
    ['e'] = append_all,
    ['u'] = set_items,
    [0x90] = add_items,
    [0x80] = protocol,
    [0x95] = frame,
    [0x97] = buffer,
    [0x98] = read_only_buffer,
};

/* ---- the loop ---- */

static sg_pickle_operation find_operation(unsigned char code)
{
    if (operations[code])
        return operations[code];
    return sg_pickle_scalar_operations[code] ? sg_pickle_scalar_operations[code]
                                             : sg_pickle_object_operations[code];
}

static sg_status run(sg_pickle *pickle)
{
    /* Even an empty stack has memory, so that no operation counts from a null pointer. */
    if (!grow_table(pickle, (void **)&pickle->stack, &pickle->capacity, sizeof *pickle->stack,
                    FIRST_CAPACITY))
        return sg_pickle_fail_memory(pickle);
    while (pickle->at < pickle->size) {
        pickle->opcode = pickle->at;
        unsigned char code = pickle->bytes[pickle->at++];
        if (code == '.')
            return SG_OK;
        sg_pickle_operation operation = find_operation(code);
        if (!operation)
            return sg_pickle_fail(pickle, "0x%02x is no operation of a pickle", code);
        sg_status status = operation(pickle);
        if (status)
            return status;
    }
    pickle->opcode = pickle->at;
    return sg_pickle_fail(pickle, "the pickle ends early, without its closing \".\"");
}

static sg_status take_root(sg_pickle *pickle, sg_value **root)
{
    sg_value **top;
    sg_status status = sg_pickle_top(pickle, 1, &top);
    if (!status)
        *root = *top;
    return status;
}

sg_status sg_pickle_read(const sg_pickle_source *source, size_t *used, sg_value **root,
                         sg_error *error)
{
    sg_pickle pickle = {
        .document = source->document,
        .source = source,
        .bytes = source->bytes,
        .size = source->size,
        .error = error,
    };
    *root = NULL;
    sg_status status = run(&pickle);
    if (!status)
        status = take_root(&pickle, root);
    *used = pickle.at;
    sg_tree_refund(source->document, pickle.capacity * sizeof *pickle.stack +
                                         pickle.mark_capacity * sizeof *pickle.marks +
                                         pickle.memo_capacity * sizeof *pickle.memo);
    free(pickle.stack);
    free(pickle.marks);
    free(pickle.memo);
    return status;
}
