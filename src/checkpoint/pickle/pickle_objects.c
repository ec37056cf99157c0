/* The pickle operations on classes, functions, objects and persistent ids. None calls anything. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "checkpoint/pickle/calls_numpy.h"
#include "checkpoint/pickle/pickle_calls.h"
#include "checkpoint/pickle/pickle_machine.h"

/* ---- names ---- */

/* A class or function by its name; "module.name" is looked up in the list of known ones. */
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
    char *copy =
        sg_tree_copy_text(pickle->document, (const unsigned char *)present, strlen(present));
    *global = copy ? sg_tree_object(pickle->document, SG_VALUE_INERT, copy, NULL) : NULL;
    if (!*global)
        return sg_pickle_fail_memory(pickle);
    (*global)->role = SG_ROLE_GLOBAL;
    (*global)->object.callable = sg_find_callable(copy);
    return SG_OK;
}

/* Two lines: module and name. */
static sg_status take_global(sg_pickle *pickle, sg_value **global)
{
    const unsigned char *module;
    const unsigned char *name;
    size_t module_length;
    size_t name_length;
    sg_status status = sg_pickle_take_line(pickle, &module, &module_length);
    if (!status)
        status = sg_pickle_take_line(pickle, &name, &name_length);
    return !status ? make_global(pickle, module, module_length, name, name_length, global) : status;
}

static sg_status push_global(sg_pickle *pickle)
{
    sg_value *global;
    sg_status status = take_global(pickle, &global);
    return !status ? sg_pickle_push(pickle, global) : status;
}

static sg_status stack_global(sg_pickle *pickle)
{
    sg_value **names;
    sg_value *global;
    sg_status status = sg_pickle_top(pickle, 2, &names);
    if (status)
        return status;
    if (names[0]->kind != SG_VALUE_TEXT || names[1]->kind != SG_VALUE_TEXT)
        return sg_pickle_fail(pickle, "a class or function is named by values that are not text");
    status = make_global(pickle, names[0]->text.bytes, names[0]->text.size, names[1]->text.bytes,
                         names[1]->text.size, &global);
    sg_pickle_drop(pickle, 2);
    return !status ? sg_pickle_push(pickle, global) : status;
}

/* A code that a registry outside of the file would give a meaning. */
static sg_status push_extension(sg_pickle *pickle, size_t width)
{
    uint64_t code;
    char name[40];
    sg_status status = sg_pickle_take_number(pickle, width, &code);
    if (status)
        return status;
    int length = snprintf(name, sizeof name, "extension %llu", (unsigned long long)code);
    char *copy = sg_tree_copy_text(pickle->document, (unsigned char *)name, (size_t)length);
    if (!copy)
        return sg_pickle_fail_memory(pickle);
    sg_value *global = sg_tree_object(pickle->document, SG_VALUE_INERT, copy, NULL);
    if (global)
        global->role = SG_ROLE_GLOBAL;
    return sg_pickle_push(pickle, global);
}

static sg_status extension_of_byte(sg_pickle *pickle)
{
    return push_extension(pickle, 1);
}

static sg_status extension_of_two(sg_pickle *pickle)
{
    return push_extension(pickle, 2);
}

static sg_status extension_of_four(sg_pickle *pickle)
{
    return push_extension(pickle, 4);
}

/* ---- calls ---- */

/* Replaces the top `used` values by what calling would make. */
static sg_status push_call(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                           size_t count, size_t used)
{
    sg_value *result;
    sg_status status = sg_pickle_call(pickle, callable, arguments, count, &result);
    if (status)
        return status;
    sg_pickle_drop(pickle, used);
    return sg_pickle_push(pickle, result);
}

/* REDUCE and NEWOBJ: a callable and the tuple of its arguments. */
static sg_status reduce(sg_pickle *pickle)
{
    sg_value **values;
    sg_status status = sg_pickle_top(pickle, 2, &values);
    if (status)
        return status;
    const sg_value *arguments = values[1];
    if (arguments->kind != SG_VALUE_TUPLE) {
        char text[200];
        return sg_pickle_fail(pickle, "the arguments of a call are %s instead of a tuple",
                              sg_value_describe(arguments, text));
    }
    return push_call(pickle, values[0], arguments->list.items, arguments->list.count, 2);
}

/* A class, the tuple of its arguments, and a dict of named ones, of which no known class has any.
 */
static sg_status new_object_with_names(sg_pickle *pickle)
{
    sg_value **values;
    sg_status status = sg_pickle_top(pickle, 3, &values);
    if (status)
        return status;
    const sg_value *named = values[2];
    if (named->kind != SG_VALUE_DICT || values[1]->kind != SG_VALUE_TUPLE)
        return sg_pickle_fail(pickle, "the arguments of a call are not a tuple and a dict");
    if (named->list.count == 0) {
        sg_pickle_drop(pickle, 1);
        return reduce(pickle);
    }
    const char *name = sg_value_class(values[0]);
    sg_value *arguments = sg_tree_items(pickle->document, SG_VALUE_TUPLE, values + 1, 2);
    sg_value *result = arguments ? sg_tree_object(pickle->document, SG_VALUE_INERT,
                                                  name ? name : "a value", arguments)
                                 : NULL;
    sg_pickle_drop(pickle, 3);
    return sg_pickle_push(pickle, result);
}

/* INST: the class as text, its arguments above the mark. */
static sg_status instance(sg_pickle *pickle)
{
    sg_value *global;
    sg_value **arguments;
    size_t count;
    sg_status status = take_global(pickle, &global);
    if (!status)
        status = sg_pickle_pop_mark(pickle, &arguments, &count);
    return !status ? push_call(pickle, global, arguments, count, 0) : status;
}

/* OBJ: the class and its arguments above the mark. */
static sg_status object(sg_pickle *pickle)
{
    sg_value **values;
    size_t count;
    sg_status status = sg_pickle_pop_mark(pickle, &values, &count);
    if (!status && count == 0)
        return sg_pickle_fail(pickle, "an object has no class");
    return !status ? push_call(pickle, values[0], values + 1, count - 1, 0) : status;
}

/* ---- state ---- */

static sg_status set_state(sg_pickle *pickle, sg_value *target, sg_value *state)
{
    switch (target->role) {
    case SG_ROLE_NUMPY_TYPE:
        return sg_numpy_build_type(pickle, target, state);
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
        /* Attributes of a tensor and the like mean nothing here. */
        return SG_OK;
    }
}

static sg_status build(sg_pickle *pickle)
{
    sg_value **values;
    sg_status status = sg_pickle_top(pickle, 2, &values);
    if (status)
        return status;
    sg_pickle_drop(pickle, 1);
    return set_state(pickle, values[0], values[1]);
}

/* ---- persistent ids ---- */

static sg_status push_persistent(sg_pickle *pickle, sg_value *id)
{
    sg_value *result = NULL;
    if (pickle->source->persistent) {
        sg_status status = pickle->source->persistent(pickle->source->context, pickle, id, &result);
        if (status)
            return status;
    }
    if (!result) {
        sg_value *arguments = sg_tree_items(pickle->document, SG_VALUE_TUPLE, &id, 1);
        result = arguments
                     ? sg_tree_object(pickle->document, SG_VALUE_INERT, "persistent id", arguments)
                     : NULL;
    }
    return sg_pickle_push(pickle, result);
}

static sg_status persistent_line(sg_pickle *pickle)
{
    const unsigned char *line;
    size_t length;
    sg_status status = sg_pickle_take_line(pickle, &line, &length);
    if (status)
        return status;
    sg_value *id = sg_tree_bytes(pickle->document, line, length);
    return id ? push_persistent(pickle, id) : sg_pickle_fail_memory(pickle);
}

static sg_status persistent(sg_pickle *pickle)
{
    sg_value **id;
    sg_status status = sg_pickle_top(pickle, 1, &id);
    if (status)
        return status;
    sg_pickle_drop(pickle, 1);
    return push_persistent(pickle, *id);
}

const sg_pickle_operation sg_pickle_object_operations[256] = {
    ['c'] = push_global,
    [0x93] = stack_global,
    [0x82] = extension_of_byte,
    [0x83] = extension_of_two,
    [0x84] = extension_of_four,
    ['R'] = reduce,
    [0x81] = reduce,
    [0x92] = new_object_with_names,
    ['i'] = instance,
    ['o'] = object,
    ['b'] = build,
    ['P'] = persistent_line,
    ['Q'] = persistent,
};
