/*
 * The pickle operations on classes, functions, objects and persistent ids. None of them calls
 * anything.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle_hostile.c
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "checkpoint/pickle/pickle_calls.h"
#include "checkpoint/pickle/pickle_machine.h"

/* ---- names ---- */

/* Makes a class or function from its name; the callable of "module.name" may be known. */
static sg_status make_global(sg_pickle *pickle, const unsigned char *module, size_t module_length,
                             const unsigned char *name, size_t name_length, sg_value **global)
{
    char full[2 * SG_PICKLE_LONGEST_LINE + 2];
    if (module_length > SG_PICKLE_LONGEST_LINE || name_length > SG_PICKLE_LONGEST_LINE)
        return sg_pickle_fail(pickle, "a name of %zu bytes is no class or function",
                              module_length + name_length);
    memcpy(full, module, module_length);
    full[module_length] = '.';
    memcpy(full + module_length + 1, name, name_length);
    size_t length = module_length + 1 + name_length;
    full[length] = '\0';
    if (!sg_is_utf8(full, length, SG_UTF8_SURROGATES) || memchr(full, 0, length))
        return sg_pickle_fail(pickle, "the name of a class or function is not text");
    char buffer[sizeof full];
    const char *present = sg_present_name(full, buffer, sizeof buffer);
    char *copy = sg_tree_copy_text(pickle->tree, (const unsigned char *)present, strlen(present));
    SG_TRY(sg_pickle_give(
        pickle, copy ? sg_tree_object(pickle->tree, SG_VALUE_INERT, SG_ROLE_GLOBAL, copy) : NULL,
        global));
    (*global)->object.callable = sg_find_callable(pickle, copy);
    return SG_OK;
}

/* Takes two lines: module and name. */
static sg_status take_global(sg_pickle *pickle, sg_value **global)
{
    const unsigned char *module;
    const unsigned char *name;
    size_t module_length;
    size_t name_length;
    SG_TRY(sg_pickle_take_line(pickle, &module, &module_length));
    SG_TRY(sg_pickle_take_line(pickle, &name, &name_length));
    return make_global(pickle, module, module_length, name, name_length, global);
}

static sg_status push_global(sg_pickle *pickle, int unused)
{
    sg_value *global;
    (void)unused;
    SG_TRY(take_global(pickle, &global));
    return sg_pickle_push(pickle, global);
}

static sg_status stack_global(sg_pickle *pickle, int unused)
{
    sg_value **names;
    sg_value *global;
    (void)unused;
    SG_TRY(sg_pickle_top(pickle, 2, &names));
    if (names[0]->kind != SG_VALUE_TEXT || names[1]->kind != SG_VALUE_TEXT)
        return sg_pickle_fail(pickle, "a class or function is named by values that are not text");
    SG_TRY(make_global(pickle, names[0]->text.bytes, names[0]->text.size, names[1]->text.bytes,
                       names[1]->text.size, &global));
    sg_pickle_drop(pickle, 2);
    return sg_pickle_push(pickle, global);
}

/* Pushes a code of `width` bytes whose meaning is in a registry outside of the file: inert. */
static sg_status extension(sg_pickle *pickle, int width)
{
    uint64_t code;
    char name[40];
    SG_TRY(sg_pickle_take_number(pickle, (size_t)width, &code));
    int length = snprintf(name, sizeof name, "extension %llu", (unsigned long long)code);
    char *copy = sg_tree_copy_text(pickle->tree, (unsigned char *)name, (size_t)length);
    return sg_pickle_push(
        pickle, copy ? sg_tree_object(pickle->tree, SG_VALUE_INERT, SG_ROLE_GLOBAL, copy) : NULL);
}

/* ---- calls ---- */

/* Replaces the top `used` values by the result of a call. */
static sg_status push_call(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                           size_t count, size_t used)
{
    sg_value *result;
    SG_TRY(sg_pickle_call(pickle, callable, arguments, count, &result));
    sg_pickle_drop(pickle, used);
    return sg_pickle_push(pickle, result);
}

/* REDUCE and NEWOBJ: a callable and the tuple of its arguments. */
static sg_status reduce(sg_pickle *pickle, int unused)
{
    sg_value **values;
    (void)unused;
    SG_TRY(sg_pickle_top(pickle, 2, &values));
    const sg_value *arguments = values[1];
    if (arguments->kind != SG_VALUE_TUPLE) {
        char text[200];
        return sg_pickle_fail(pickle, "the arguments of a call are %s instead of a tuple",
                              sg_value_describe(arguments, text));
    }
    return push_call(pickle, values[0], arguments->list.items, arguments->list.count, 2);
}

/* NEWOBJ_EX: a class, the tuple of its arguments, and a dict of named ones. No known class takes
 * named arguments. */
static sg_status new_object_with_names(sg_pickle *pickle, int unused)
{
    sg_value **values;
    SG_TRY(sg_pickle_top(pickle, 3, &values));
    const sg_value *named = values[2];
    if (named->kind != SG_VALUE_DICT || values[1]->kind != SG_VALUE_TUPLE)
        return sg_pickle_fail(pickle, "the arguments of a call are not a tuple and a dict");
    if (named->list.count == 0) {
        sg_pickle_drop(pickle, 1);
        return reduce(pickle, unused);
    }
    const char *name = sg_value_class(values[0]);
    sg_value *result =
        sg_tree_call(pickle->tree, SG_VALUE_INERT, name ? name : "a value", values + 1, 2);
    sg_pickle_drop(pickle, 3);
    return sg_pickle_push(pickle, result);
}

/* INST: the class as text, its arguments above the mark. */
static sg_status instance(sg_pickle *pickle, int unused)
{
    sg_value *global;
    sg_value **arguments;
    size_t count;
    (void)unused;
    SG_TRY(take_global(pickle, &global));
    SG_TRY(sg_pickle_pop_mark(pickle, &arguments, &count));
    return push_call(pickle, global, arguments, count, 0);
}

/* OBJ: the class and its arguments above the mark. */
static sg_status object(sg_pickle *pickle, int unused)
{
    sg_value **values;
    size_t count;
    (void)unused;
    SG_TRY(sg_pickle_pop_mark(pickle, &values, &count));
    if (count == 0)
        return sg_pickle_fail(pickle, "an object has no class");
    return push_call(pickle, values[0], values + 1, count - 1, 0);
}

/* ---- state ---- */

static sg_status set_state(sg_pickle *pickle, sg_value *target, sg_value *state)
{
    switch (target->role) {
    case SG_ROLE_NUMPY_TYPE:
        sg_numpy_build_type(target, state);
        return SG_OK;
    case SG_ROLE_BLANK_ARRAY:
        return sg_numpy_build_array(pickle, target, state);
    case SG_ROLE_NONE:
        break;
    default:
        return SG_OK;
    }
    switch (target->kind) {
    case SG_VALUE_DICT:
        target->list.state = state;
        return SG_OK;
    case SG_VALUE_OBJECT:
    case SG_VALUE_INERT:
        target->object.state = state;
        return SG_OK;
    default:
        /* Attributes of a tensor and the like are of no use here. */
        return SG_OK;
    }
}

static sg_status build(sg_pickle *pickle, int unused)
{
    sg_value **values;
    (void)unused;
    SG_TRY(sg_pickle_top(pickle, 2, &values));
    sg_pickle_drop(pickle, 1);
    return set_state(pickle, values[0], values[1]);
}

/* ---- persistent ids ---- */

static sg_status push_persistent(sg_pickle *pickle, sg_value *id)
{
    sg_value *result = NULL;
    if (pickle->source->persistent)
        SG_TRY(pickle->source->persistent(pickle->source->context, pickle, id, &result));
    if (!result)
        result = sg_tree_call(pickle->tree, SG_VALUE_INERT, "persistent id", &id, 1);
    return sg_pickle_push(pickle, result);
}

static sg_status persistent_line(sg_pickle *pickle, int unused)
{
    const unsigned char *line;
    size_t length;
    sg_value *id;
    (void)unused;
    SG_TRY(sg_pickle_take_line(pickle, &line, &length));
    SG_TRY(sg_pickle_give(pickle, sg_tree_bytes(pickle->tree, line, length), &id));
    return push_persistent(pickle, id);
}

static sg_status persistent(sg_pickle *pickle, int unused)
{
    sg_value **id;
    (void)unused;
    SG_TRY(sg_pickle_top(pickle, 1, &id));
    sg_pickle_drop(pickle, 1);
    return push_persistent(pickle, *id);
}

const sg_pickle_operation sg_pickle_object_operations[256] = {
    ['c'] = {push_global, 0}, [0x93] = {stack_global, 0},
    [0x82] = {extension, 1},  [0x83] = {extension, 2},
    [0x84] = {extension, 4},  ['R'] = {reduce, 0},
    [0x81] = {reduce, 0},     [0x92] = {new_object_with_names, 0},
    ['i'] = {instance, 0},    ['o'] = {object, 0},
    ['b'] = {build, 0},       ['P'] = {persistent_line, 0},
    ['Q'] = {persistent, 0},
};
