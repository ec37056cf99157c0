/*
 * The pickle interpreter: the memo, containers, structure, and the loop over operations. Its stacks
 * are on the heap, so no recursion grows with the file.
 */
#include "checkpoint/pickle/pickle.h"

#include <stdlib.h>
#include <string.h>

#include "checkpoint/pickle/pickle_machine.h"

#define NEWEST_PROTOCOL 5

/* ---- stack ---- */

static sg_status mark(sg_pickle *pickle, int unused)
{
    (void)unused;
    if (pickle->mark_count == pickle->mark_capacity)
        SG_TRY(sg_pickle_grow(pickle, (void **)&pickle->marks, &pickle->mark_capacity,
                              sizeof *pickle->marks, pickle->mark_count + 1));
    pickle->marks[pickle->mark_count++] = pickle->count;
    return SG_OK;
}

static sg_status pop_to_mark(sg_pickle *pickle, int unused)
{
    sg_value **values;
    size_t count;
    (void)unused;
    return sg_pickle_pop_mark(pickle, &values, &count);
}

static sg_status pop(sg_pickle *pickle, int unused)
{
    sg_value **values;
    if (pickle->mark_count > 0 && pickle->count == pickle->marks[pickle->mark_count - 1])
        return pop_to_mark(pickle, unused);
    SG_TRY(sg_pickle_top(pickle, 1, &values));
    sg_pickle_drop(pickle, 1);
    return SG_OK;
}

static sg_status duplicate(sg_pickle *pickle, int unused)
{
    sg_value **values;
    (void)unused;
    SG_TRY(sg_pickle_top(pickle, 1, &values));
    return sg_pickle_push(pickle, values[0]);
}

/* ---- memo ---- */

static sg_status memo_put(sg_pickle *pickle, uint64_t index)
{
    sg_value **top;
    SG_TRY(sg_pickle_top(pickle, 1, &top));
    /* Writers count up, so an index never exceeds the number of bytes read so far. */
    if (index > pickle->at)
        return sg_pickle_fail(pickle, "the memo's index %llu is larger than any writer makes it",
                              (unsigned long long)index);
    size_t slot = (size_t)index;
    size_t old = pickle->memo_capacity;
    if (slot >= old) {
        SG_TRY(sg_pickle_grow(pickle, (void **)&pickle->memo, &pickle->memo_capacity,
                              sizeof *pickle->memo, slot + 1));
        memset(pickle->memo + old, 0, (pickle->memo_capacity - old) * sizeof *pickle->memo);
    }
    if (!pickle->memo[slot])
        pickle->memo_count++;
    pickle->memo[slot] = *top;
    return SG_OK;
}

/* Takes an index of `width` bytes; 0: a line of decimal digits. */
static sg_status take_index(sg_pickle *pickle, int width, uint64_t *index)
{
    const unsigned char *line;
    size_t length;
    if (width > 0)
        return sg_pickle_take_number(pickle, (size_t)width, index);
    *index = 0;
    SG_TRY(sg_pickle_take_line(pickle, &line, &length));
    for (size_t i = 0; i < length; i++) {
        if (line[i] < '0' || line[i] > '9' || length > 18)
            return sg_pickle_fail(pickle, "a memo's index is not a whole number");
        *index = *index * 10 + (uint64_t)(line[i] - '0');
    }
    return SG_OK;
}

static sg_status put(sg_pickle *pickle, int width)
{
    uint64_t index;
    SG_TRY(take_index(pickle, width, &index));
    return memo_put(pickle, index);
}

static sg_status memoize(sg_pickle *pickle, int unused)
{
    (void)unused;
    return memo_put(pickle, pickle->memo_count);
}

static sg_status get(sg_pickle *pickle, int width)
{
    uint64_t index;
    SG_TRY(take_index(pickle, width, &index));
    if (index >= pickle->memo_capacity || !pickle->memo[index])
        return sg_pickle_fail(pickle, "the memo holds nothing under the index %llu",
                              (unsigned long long)index);
    return sg_pickle_push(pickle, pickle->memo[index]);
}

/* ---- containers ---- */

static sg_status push_items(sg_pickle *pickle, int kind, sg_value **items, size_t count)
{
    return sg_pickle_push(pickle, sg_tree_items(pickle->tree, (sg_value_kind)kind, items, count));
}

static sg_status empty(sg_pickle *pickle, int kind)
{
    return push_items(pickle, kind, NULL, 0);
}

/* Makes a container of all values above the mark. */
static sg_status gather(sg_pickle *pickle, int kind)
{
    sg_value **items;
    size_t count;
    SG_TRY(sg_pickle_pop_mark(pickle, &items, &count));
    if (kind == SG_VALUE_DICT && count % 2 != 0)
        return sg_pickle_fail(pickle, "a dict has a key without a value");
    return push_items(pickle, kind, items, count);
}

static sg_status tuple_of(sg_pickle *pickle, int count)
{
    sg_value **items;
    SG_TRY(sg_pickle_top(pickle, (size_t)count, &items));
    sg_value *tuple = sg_tree_items(pickle->tree, SG_VALUE_TUPLE, items, (size_t)count);
    sg_pickle_drop(pickle, (size_t)count);
    return sg_pickle_push(pickle, tuple);
}

/*
 * Adds items to a container of that kind. Items for objects and inert values are dropped, since
 * only their methods could use them.
 */
static sg_status extend(sg_pickle *pickle, sg_value *target, int kind, sg_value **items,
                        size_t count)
{
    if (target->kind == SG_VALUE_INERT || target->kind == SG_VALUE_OBJECT)
        return SG_OK;
    if (target->kind != kind) {
        char text[200];
        return sg_pickle_fail(pickle, "items are added to %s", sg_value_describe(target, text));
    }
    if (kind == SG_VALUE_DICT && count % 2 != 0)
        return sg_pickle_fail(pickle, "a dict has a key without a value");
    return sg_tree_append(pickle->tree, target, items, count) ? SG_OK
                                                              : sg_pickle_fail_memory(pickle);
}

/* Adds the top item, or for a dict the top pair, to the container below. */
static sg_status append(sg_pickle *pickle, int kind)
{
    sg_value **values;
    const size_t count = kind == SG_VALUE_DICT ? 2 : 1;
    SG_TRY(sg_pickle_top(pickle, count + 1, &values));
    sg_pickle_drop(pickle, count);
    return extend(pickle, values[0], kind, values + 1, count);
}

static sg_status append_to_mark(sg_pickle *pickle, int kind)
{
    sg_value **items;
    sg_value **target;
    size_t count;
    SG_TRY(sg_pickle_pop_mark(pickle, &items, &count));
    SG_TRY(sg_pickle_top(pickle, 1, &target));
    return extend(pickle, *target, kind, items, count);
}

/* ---- structure ---- */

static sg_status protocol(sg_pickle *pickle, int width)
{
    uint64_t number;
    SG_TRY(sg_pickle_take_number(pickle, (size_t)width, &number));
    if (number > NEWEST_PROTOCOL)
        return sg_pickle_fail(pickle,
                              "the pickle is of protocol %u, newer than the %d that is known",
                              (unsigned)number, NEWEST_PROTOCOL);
    return SG_OK;
}

/* Frames only help readers of streams; here only their length is checked. */
static sg_status frame(sg_pickle *pickle, int width)
{
    uint64_t length;
    SG_TRY(sg_pickle_take_number(pickle, (size_t)width, &length));
    if (length > pickle->size - pickle->at)
        return sg_pickle_fail(pickle, "a frame of %llu bytes is announced, but only %zu are left",
                              (unsigned long long)length, pickle->size - pickle->at);
    return SG_OK;
}

static sg_status buffer(sg_pickle *pickle, int unused)
{
    (void)unused;
    return sg_pickle_fail(pickle,
                          "the pickle refers to a buffer outside of the file, which is not there");
}

static sg_status read_only_buffer(sg_pickle *pickle, int unused)
{
    sg_value **top;
    (void)unused;
    return sg_pickle_top(pickle, 1, &top);
}

static const sg_pickle_operation operations[256] = {
    ['('] = {mark, 0},
    ['0'] = {pop, 0},
    ['1'] = {pop_to_mark, 0},
    ['2'] = {duplicate, 0},
    ['p'] = {put, 0},
    ['q'] = {put, 1},
    ['r'] = {put, 4},
    [0x94] = {memoize, 0},
    ['g'] = {get, 0},
    ['h'] = {get, 1},
    ['j'] = {get, 4},
    [']'] = {empty, SG_VALUE_LIST},
    ['}'] = {empty, SG_VALUE_DICT},
    [')'] = {empty, SG_VALUE_TUPLE},
    [0x8f] = {empty, SG_VALUE_SET},
    ['l'] = {gather, SG_VALUE_LIST},
    ['t'] = {gather, SG_VALUE_TUPLE},
    ['d'] = {gather, SG_VALUE_DICT},
    [0x91] = {gather, SG_VALUE_SET},
    [0x85] = {tuple_of, 1},
    [0x86] = {tuple_of, 2},
    [0x87] = {tuple_of, 3},
    ['a'] = {append, SG_VALUE_LIST},
    ['s'] = {append, SG_VALUE_DICT},
    ['e'] = {append_to_mark, SG_VALUE_LIST},
    ['u'] = {append_to_mark, SG_VALUE_DICT},
    [0x90] = {append_to_mark, SG_VALUE_SET},
    [0x80] = {protocol, 1},
    [0x95] = {frame, 8},
    [0x97] = {buffer, 0},
    [0x98] = {read_only_buffer, 0},
};

/* ---- the loop ---- */

static const sg_pickle_operation *find_operation(unsigned char code)
{
    if (operations[code].perform)
        return &operations[code];
    return sg_pickle_scalar_operations[code].perform ? &sg_pickle_scalar_operations[code]
                                                     : &sg_pickle_object_operations[code];
}

static sg_status run(sg_pickle *pickle)
{
    /* Even an empty stack has memory, so that no operation counts from a null pointer. */
    SG_TRY(sg_pickle_grow(pickle, (void **)&pickle->stack, &pickle->capacity, sizeof *pickle->stack,
                          0));
    while (pickle->at < pickle->size) {
        pickle->opcode = pickle->at;
        unsigned char code = pickle->bytes[pickle->at++];
        if (code == '.')
            return SG_OK;
        const sg_pickle_operation *operation = find_operation(code);
        if (!operation->perform)
            return sg_pickle_fail(pickle, "0x%02x is no operation of a pickle", code);
        SG_TRY(operation->perform(pickle, operation->argument));
    }
    pickle->opcode = pickle->at;
    return sg_pickle_fail(pickle, "the pickle ends early, without its closing \".\"");
}

sg_status sg_pickle_read(const sg_pickle_source *source, size_t *used, sg_value **root,
                         sg_error *error)
{
    sg_pickle pickle = {
        .tree = source->tree,
        .source = source,
        .bytes = source->bytes,
        .size = source->size,
        .error = error,
    };
    sg_value **top;
    sg_status status = run(&pickle);
    if (!status)
        status = sg_pickle_top(&pickle, 1, &top);
    *root = status ? NULL : *top;
    *used = pickle.at;
    sg_tree_refund(source->tree, pickle.capacity * sizeof *pickle.stack +
                                     pickle.mark_capacity * sizeof *pickle.marks +
                                     pickle.memo_capacity * sizeof *pickle.memo);
    free(pickle.stack);
    free(pickle.marks);
    free(pickle.memo);
    return status;
}
