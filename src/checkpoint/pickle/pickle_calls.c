/*
 * The short list of callables: Python's containers, objects that are their state, and the entries
 * of other files.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle.c
 */
#include "checkpoint/pickle/pickle_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checkpoint/pickle/pickle_data.h"

enum { DEEPEST_CALL = 8, LARGEST_META = 64 };

/* ---- bytes ---- */

static sg_status make_bytes(sg_pickle *pickle, const sg_value *value, sg_value **result)
{
    const unsigned char *bytes;
    size_t size;
    SG_TRY(sg_pickle_byte_data(pickle, value, &bytes, &size));
    return sg_pickle_give(pickle, sg_tree_bytes(pickle->tree, bytes, size), result);
}

/* _codecs.encode(text, "latin1"): how protocols below 3 write bytes. */
static sg_status call_encode(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    bool latin = call->count == 2 && call->arguments[0]->kind == SG_VALUE_TEXT &&
                 (sg_value_is_text(call->arguments[1], "latin1") ||
                  sg_value_is_text(call->arguments[1], "latin-1"));
    return latin ? make_bytes(pickle, call->arguments[0], result) : SG_OK;
}

/* bytes() and bytearray(): empty, of bytes, or of a text in Latin-1. */
static sg_status call_bytes(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    static const unsigned char nothing[1];
    if (call->count == 0)
        return sg_pickle_give(pickle, sg_tree_bytes(pickle->tree, nothing, 0), result);
    if (call->count == 1 && call->arguments[0]->kind == SG_VALUE_BYTES)
        return make_bytes(pickle, call->arguments[0], result);
    return call_encode(pickle, call, result);
}

/* ---- containers ---- */

static bool is_sequence(const sg_value *value)
{
    return value->kind == SG_VALUE_LIST || value->kind == SG_VALUE_TUPLE ||
           value->kind == SG_VALUE_SET;
}

/* Makes an empty container, or one with the items of another. */
static sg_status make_sequence(sg_pickle *pickle, sg_value_kind kind, const sg_call *call,
                               sg_value **result)
{
    if (call->count > 1 || (call->count == 1 && !is_sequence(call->arguments[0])))
        return SG_OK;
    return sg_pickle_give(pickle,
                          call->count == 0
                              ? sg_tree_items(pickle->tree, kind, NULL, 0)
                              : sg_tree_sharing(pickle->tree, kind, call->arguments[0]),
                          result);
}

static sg_status call_list(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    return make_sequence(pickle, SG_VALUE_LIST, call, result);
}

sg_status sg_call_tuple(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    return make_sequence(pickle, SG_VALUE_TUPLE, call, result);
}

static sg_status call_set(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    return make_sequence(pickle, SG_VALUE_SET, call, result);
}

/* Adds the pairs of a list to *result; sets it to NULL if it is no list of pairs. */
static sg_status add_pairs(sg_pickle *pickle, const sg_value *pairs, sg_value **result)
{
    for (size_t i = 0; i < pairs->list.count; i++) {
        const sg_value *pair = pairs->list.items[i];
        if (!is_sequence(pair) || pair->list.count != 2) {
            *result = NULL;
            return SG_OK;
        }
        if (!sg_tree_append(pickle->tree, *result, pair->list.items, 2))
            return sg_pickle_fail_memory(pickle);
    }
    return SG_OK;
}

/* A dict or one of its kind: empty, of a list of pairs, or of another's items. */
static sg_status call_dict(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const sg_value *from = call->count > 0 ? call->arguments[0] : NULL;
    if (call->count > 1 || (from && !is_sequence(from) && from->kind != SG_VALUE_DICT))
        return SG_OK;
    if (from && from->kind == SG_VALUE_DICT)
        return sg_pickle_give(pickle, sg_tree_sharing(pickle->tree, SG_VALUE_DICT, from), result);
    SG_TRY(sg_pickle_give(pickle, sg_tree_items(pickle->tree, SG_VALUE_DICT, NULL, 0), result));
    return from ? add_pairs(pickle, from, result) : SG_OK;
}

/* defaultdict(factory, ...): the factory is never called. */
static sg_status call_default_dict(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const sg_call rest = {.class_name = call->class_name,
                          .arguments = call->count > 0 ? call->arguments + 1 : NULL,
                          .count = call->count > 0 ? call->count - 1 : 0};
    return call_dict(pickle, &rest, result);
}

/* ---- objects ---- */

sg_status sg_call_object(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    return sg_pickle_give(
        pickle,
        sg_tree_call(pickle->tree, SG_VALUE_OBJECT, call->class_name, call->arguments, call->count),
        result);
}

/* _reconstruct_persistent_obj(meta): an object of meta.class_name whose state is meta.state. */
static sg_status call_persistent_object(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const sg_value *meta = call->count == 1 ? call->arguments[0] : NULL;
    if (sg_value_kind_of(meta) != SG_VALUE_DICT || sg_value_count(meta) > LARGEST_META)
        return SG_OK;
    const char *name = sg_value_text(sg_value_find(meta, "class_name"));
    const sg_value *state = sg_value_find(meta, "state");
    if (!name || !state)
        return SG_OK;
    const sg_call named = {name, call->arguments, call->count};
    SG_TRY(sg_call_object(pickle, &named, result));
    (*result)->object.state = (sg_value *)state;
    return SG_OK;
}

/* ---- callables that call others ---- */

/* copyreg.__newobj__(class, *arguments) */
static sg_status call_new_object(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    return call->count > 0 ? sg_pickle_call(pickle, call->arguments[0], call->arguments + 1,
                                            call->count - 1, result)
                           : SG_OK;
}

/* copyreg._reconstructor(class, base, state): an object without arguments, or with a dict's items.
 */
static sg_status call_reconstructor(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    if (call->count != 3)
        return SG_OK;
    bool has_items = call->arguments[2]->kind == SG_VALUE_DICT;
    return sg_pickle_call(pickle, call->arguments[0], call->arguments + 2, has_items ? 1 : 0,
                          result);
}

/* ---- the list ---- */

/* By present name, sorted. */
static const sg_callable known[] = {
    {"_codecs.encode", call_encode},
    {"argparse.Namespace", sg_call_object},
    {"builtins.bytearray", call_bytes},
    {"builtins.bytes", call_bytes},
    {"builtins.complex", sg_call_object},
    {"builtins.dict", call_dict},
    {"builtins.frozenset", call_set},
    {"builtins.list", call_list},
    {"builtins.object", sg_call_object},
    {"builtins.range", sg_call_object},
    {"builtins.set", call_set},
    {"builtins.slice", sg_call_object},
    {"builtins.tuple", sg_call_tuple},
    {"collections.Counter", call_dict},
    {"collections.OrderedDict", call_dict},
    {"collections.defaultdict", call_default_dict},
    {"copyreg.__newobj__", call_new_object},
    {"copyreg._reconstructor", call_reconstructor},
    {"dnnlib.tflib.network.Network", sg_call_object},
    {"numpy.core.multiarray._reconstruct", sg_numpy_reconstruct},
    {"numpy.core.multiarray.scalar", sg_numpy_scalar},
    {"numpy.core.numeric._frombuffer", sg_numpy_from_buffer},
    {"numpy.dtype", sg_numpy_type_of},
    {"tfutil.Network", sg_call_object},
};

static const sg_callable dict_like = {"EasyDict", call_dict};
static const sg_callable persistent_object = {"_reconstruct_persistent_obj",
                                              call_persistent_object};

static int compare_names(const void *name, const void *entry)
{
    return strcmp(name, ((const sg_callable *)entry)->name);
}

const sg_callable *sg_callable_search(const sg_callable *table, size_t count, const char *name)
{
    return bsearch(name, table, count, sizeof *table, compare_names);
}

const char *sg_present_name(const char *name, char *buffer, size_t size)
{
    static const char *const renamed[][2] = {
        {"__builtin__.", "builtins."},
        {"copy_reg.", "copyreg."},
        {"numpy._core.", "numpy.core."},
    };
    for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++) {
        size_t length = strlen(renamed[i][0]);
        if (strncmp(name, renamed[i][0], length) == 0) {
            snprintf(buffer, size, "%s%s", renamed[i][1], name + length);
            return buffer;
        }
    }
    return name;
}

const sg_callable *sg_find_callable(const sg_pickle *pickle, const char *name)
{
    const sg_callable *found = sg_callable_search(known, sizeof known / sizeof known[0], name);
    if (!found && pickle->source->find_callable)
        found = pickle->source->find_callable(name);
    if (found)
        return found;
    if (sg_has_suffix(name, ".EasyDict"))
        return &dict_like;
    return sg_has_suffix(name, "persistence._reconstruct_persistent_obj") ? &persistent_object
                                                                          : NULL;
}

/* ---- calling ---- */

sg_status sg_pickle_call(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                         size_t count, sg_value **result)
{
    const char *name = sg_value_class(callable);
    *result = NULL;
    if (callable->role == SG_ROLE_GLOBAL && callable->object.callable &&
        pickle->call_depth < DEEPEST_CALL) {
        const sg_call call = {name, arguments, count};
        pickle->call_depth++;
        sg_status status = callable->object.callable->call(pickle, &call, result);
        pickle->call_depth--;
        if (status)
            return status;
    }
    return *result ? SG_OK
                   : sg_pickle_give(pickle,
                                    sg_tree_call(pickle->tree, SG_VALUE_INERT,
                                                 name ? name : "a value", arguments, count),
                                    result);
}
