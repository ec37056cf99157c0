/* Known callables: Python's containers, objects that are their state, and those of other files. */
#include "checkpoint/pickle/pickle_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/pickle/calls_numpy.h"
#include "checkpoint/torch/calls_torch.h"

enum { DEEPEST_CALL = 8, LARGEST_META = 64 };

bool sg_plain_integer(const sg_value *value, int64_t least, int64_t most, int64_t *integer)
{
    if (value->kind != SG_VALUE_INTEGER && value->kind != SG_VALUE_BOOL)
        return false;
    *integer = value->kind == SG_VALUE_BOOL ? value->boolean : value->integer;
    return *integer >= least && *integer <= most;
}

/* ---- texts that are bytes ---- */

bool sg_is_byte_data(const sg_value *value)
{
    return value->kind == SG_VALUE_BYTES || value->kind == SG_VALUE_TEXT;
}

/*
 * UTF-8 of characters up to 255 into bytes; their number, or SIZE_MAX for other characters. Every
 * byte but a character's first of two gives one. There are no branches on the bytes, which no
 * processor predicts when they are random numbers.
 */
static size_t decode_latin(const unsigned char *text, size_t size, unsigned char *bytes)
{
    size_t count = 0;
    unsigned faults = 0;
    unsigned before = 0;
    for (size_t at = 0; at < size; at++) {
        unsigned byte = text[at];
        unsigned first = byte >= 0xc0;
        unsigned last = (byte & 0xc0) == 0x80;
        unsigned pair = (before << 6 | (byte & 0x3f)) & 0xff;
        faults |= last ^ (unsigned)(before >= 0xc0);
        faults |= first & (unsigned)((byte & 0xfe) != 0xc2);
        bytes[count] = (unsigned char)(byte ^ ((byte ^ pair) & (0U - last)));
        count += 1 - first;
        before = byte;
    }
    faults |= before >= 0xc0;
    return faults == 0 ? count : SIZE_MAX;
}

static bool is_ascii(const unsigned char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] >= 0x80)
            return false;
    return true;
}

sg_status sg_pickle_byte_data(sg_pickle *pickle, const sg_value *value, const unsigned char **bytes,
                              size_t *size)
{
    *bytes = value->text.bytes;
    *size = value->text.size;
    if (value->kind == SG_VALUE_BYTES || value->raw)
        return SG_OK;
    if (!sg_tree_charge_work(pickle->document, *size))
        return sg_pickle_fail_memory(pickle);
    if (is_ascii(*bytes, *size))
        return SG_OK;
    unsigned char *decoded = sg_tree_allocate_payload(pickle->document, *size);
    if (!decoded)
        return sg_pickle_fail_memory(pickle);
    size_t count = decode_latin(*bytes, *size, decoded);
    if (count == SIZE_MAX)
        return sg_pickle_fail(pickle, "a text that stands for bytes has characters beyond 255");
    *bytes = decoded;
    *size = count;
    return SG_OK;
}

static sg_status make_bytes(sg_pickle *pickle, const sg_value *value, sg_value **result)
{
    const unsigned char *bytes;
    size_t size;
    sg_status status = sg_pickle_byte_data(pickle, value, &bytes, &size);
    if (status)
        return status;
    *result = sg_tree_bytes(pickle->document, bytes, size);
    return *result ? SG_OK : sg_pickle_fail_memory(pickle);
}

/* _codecs.encode(text, "latin1"): how protocols below 3 write bytes. */
static sg_status call_encode(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                             size_t count, sg_value **result)
{
    (void)class_name;
    bool latin =
        count == 2 && arguments[0]->kind == SG_VALUE_TEXT &&
        (sg_value_is_text(arguments[1], "latin1") || sg_value_is_text(arguments[1], "latin-1"));
    return latin ? make_bytes(pickle, arguments[0], result) : SG_OK;
}

/* bytes() and bytearray(), empty, of bytes, or of a text in Latin-1. */
static sg_status call_bytes(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                            size_t count, sg_value **result)
{
    static const unsigned char nothing[1];
    if (count == 0) {
        *result = sg_tree_bytes(pickle->document, nothing, 0);
        return *result ? SG_OK : sg_pickle_fail_memory(pickle);
    }
    if (count == 1 && arguments[0]->kind == SG_VALUE_BYTES)
        return make_bytes(pickle, arguments[0], result);
    return call_encode(pickle, class_name, arguments, count, result);
}

/* ---- containers ---- */

static bool is_sequence(const sg_value *value)
{
    return value->kind == SG_VALUE_LIST || value->kind == SG_VALUE_TUPLE ||
           value->kind == SG_VALUE_SET;
}

/* An empty container, or one with the items of another. */
static sg_status make_sequence(sg_pickle *pickle, sg_value_kind kind, sg_value *const *arguments,
                               size_t count, sg_value **result)
{
    if (count > 1 || (count == 1 && !is_sequence(arguments[0])))
        return SG_OK;
    *result = count == 0 ? sg_tree_items(pickle->document, kind, NULL, 0)
                         : sg_tree_sharing(pickle->document, kind, arguments[0]);
    return *result ? SG_OK : sg_pickle_fail_memory(pickle);
}

static sg_status call_list(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                           size_t count, sg_value **result)
{
    (void)class_name;
    return make_sequence(pickle, SG_VALUE_LIST, arguments, count, result);
}

static sg_status call_tuple(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                            size_t count, sg_value **result)
{
    (void)class_name;
    return make_sequence(pickle, SG_VALUE_TUPLE, arguments, count, result);
}

static sg_status call_set(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                          size_t count, sg_value **result)
{
    (void)class_name;
    return make_sequence(pickle, SG_VALUE_SET, arguments, count, result);
}

/* Adds what a list of pairs says; sets *result to NULL when it is no such list. */
static sg_status add_pairs(sg_pickle *pickle, const sg_value *pairs, sg_value **result)
{
    for (size_t i = 0; i < pairs->list.count; i++) {
        const sg_value *pair = pairs->list.items[i];
        if (!is_sequence(pair) || pair->list.count != 2) {
            *result = NULL;
            return SG_OK;
        }
        if (!sg_tree_append(pickle->document, *result, pair->list.items, 2))
            return sg_pickle_fail_memory(pickle);
    }
    return SG_OK;
}

/* A dict or one of its kind: empty, of a list of pairs, or of another's items. */
static sg_status call_dict(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                           size_t count, sg_value **result)
{
    (void)class_name;
    if (count > 1 ||
        (count == 1 && !is_sequence(arguments[0]) && arguments[0]->kind != SG_VALUE_DICT))
        return SG_OK;
    bool sharing = count == 1 && arguments[0]->kind == SG_VALUE_DICT;
    *result = sharing ? sg_tree_sharing(pickle->document, SG_VALUE_DICT, arguments[0])
                      : sg_tree_items(pickle->document, SG_VALUE_DICT, NULL, 0);
    if (!*result)
        return sg_pickle_fail_memory(pickle);
    return count == 1 && !sharing ? add_pairs(pickle, arguments[0], result) : SG_OK;
}

/* defaultdict(factory): the factory is not called, now or later. */
static sg_status call_default_dict(sg_pickle *pickle, const char *class_name,
                                   sg_value *const *arguments, size_t count, sg_value **result)
{
    return count > 0 ? call_dict(pickle, class_name, arguments + 1, count - 1, result)
                     : call_dict(pickle, class_name, NULL, 0, result);
}

/* ---- objects ---- */

/* An object that is its class, arguments and state. */
static sg_status call_object(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                             size_t count, sg_value **result)
{
    sg_value *tuple = sg_tree_items(pickle->document, SG_VALUE_TUPLE, arguments, count);
    *result = tuple ? sg_tree_object(pickle->document, SG_VALUE_OBJECT, class_name, tuple) : NULL;
    return *result ? SG_OK : sg_pickle_fail_memory(pickle);
}

/* _reconstruct_persistent_obj(meta): an object of meta.class_name whose state is meta.state. */
static sg_status call_persistent_object(sg_pickle *pickle, const char *class_name,
                                        sg_value *const *arguments, size_t count, sg_value **result)
{
    if (count != 1 || arguments[0]->kind != SG_VALUE_DICT ||
        sg_value_count(arguments[0]) > LARGEST_META)
        return SG_OK;
    const char *name = sg_value_text(sg_value_find(arguments[0], "class_name"));
    const sg_value *state = sg_value_find(arguments[0], "state");
    if (!name || !state)
        return SG_OK;
    sg_status status = call_object(pickle, name, arguments, count, result);
    if (!status)
        (*result)->object.state = (sg_value *)state;
    (void)class_name;
    return status;
}

/* ---- callables that hand on to others ---- */

/* copyreg.__newobj__(class, *arguments) */
static sg_status call_new_object(sg_pickle *pickle, const char *class_name,
                                 sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    return count > 0 ? sg_pickle_call(pickle, arguments[0], arguments + 1, count - 1, result)
                     : SG_OK;
}

/* copyreg._reconstructor(class, base, state): an object without arguments, or with a dict's items.
 */
static sg_status call_reconstructor(sg_pickle *pickle, const char *class_name,
                                    sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    if (count != 3)
        return SG_OK;
    bool has_items = arguments[2]->kind == SG_VALUE_DICT;
    return sg_pickle_call(pickle, arguments[0], arguments + 2, has_items ? 1 : 0, result);
}

/* torch._tensor._rebuild_from_type_v2(function, type, arguments, state): a tensor with attributes.
 */
static sg_status call_rebuild_from_type(sg_pickle *pickle, const char *class_name,
                                        sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    if (count != 4 || arguments[2]->kind != SG_VALUE_TUPLE)
        return SG_OK;
    return sg_pickle_call(pickle, arguments[0], arguments[2]->list.items, arguments[2]->list.count,
                          result);
}

/* ---- the list ---- */

/* By present name, sorted. */
static const sg_callable known[] = {
    {"_codecs.encode", call_encode},
    {"argparse.Namespace", call_object},
    {"builtins.bytearray", call_bytes},
    {"builtins.bytes", call_bytes},
    {"builtins.complex", call_object},
    {"builtins.dict", call_dict},
    {"builtins.frozenset", call_set},
    {"builtins.list", call_list},
    {"builtins.object", call_object},
    {"builtins.range", call_object},
    {"builtins.set", call_set},
    {"builtins.slice", call_object},
    {"builtins.tuple", call_tuple},
    {"collections.Counter", call_dict},
    {"collections.OrderedDict", call_dict},
    {"collections.defaultdict", call_default_dict},
    {"copyreg.__newobj__", call_new_object},
    {"copyreg._reconstructor", call_reconstructor},
    {"dnnlib.tflib.network.Network", call_object},
    {"numpy.core.multiarray._reconstruct", sg_numpy_reconstruct},
    {"numpy.core.multiarray.scalar", sg_numpy_scalar},
    {"numpy.core.numeric._frombuffer", sg_numpy_from_buffer},
    {"numpy.dtype", sg_numpy_type_of},
    {"tfutil.Network", call_object},
    {"torch.Size", call_tuple},
    {"torch._tensor._rebuild_from_type_v2", call_rebuild_from_type},
    {"torch._utils._rebuild_parameter", sg_torch_rebuild_parameter},
    {"torch._utils._rebuild_parameter_with_state", sg_torch_rebuild_parameter},
    {"torch._utils._rebuild_tensor", sg_torch_rebuild_tensor},
    {"torch._utils._rebuild_tensor_v2", sg_torch_rebuild_tensor},
    {"torch._utils._rebuild_tensor_v3", sg_torch_rebuild_typed_tensor},
    {"torch.device", call_object},
    {"torch.nn.parameter.Parameter", sg_torch_rebuild_parameter},
    {"torch.storage._load_from_bytes", sg_torch_load_from_bytes},
};

static const sg_callable dict_like = {"EasyDict", call_dict};
static const sg_callable module = {"torch.nn.modules", call_object};
static const sg_callable persistent_object = {"_reconstruct_persistent_obj",
                                              call_persistent_object};

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

static int compare_names(const void *name, const void *entry)
{
    return strcmp(name, ((const sg_callable *)entry)->name);
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

const sg_callable *sg_find_callable(const char *name)
{
    const sg_callable *found =
        bsearch(name, known, sizeof known / sizeof known[0], sizeof known[0], compare_names);
    if (found)
        return found;
    if (ends_with(name, ".EasyDict"))
        return &dict_like;
    if (strncmp(name, "torch.nn.modules.", strlen("torch.nn.modules.")) == 0)
        return &module;
    return ends_with(name, "persistence._reconstruct_persistent_obj") ? &persistent_object : NULL;
}

/* ---- calling ---- */

/* What an unknown callable would have made, or a known one of arguments that it does not know. */
static sg_status make_inert(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                            size_t count, sg_value **result)
{
    const char *name = sg_value_class(callable);
    sg_value *tuple = sg_tree_items(pickle->document, SG_VALUE_TUPLE, arguments, count);
    *result = tuple
                  ? sg_tree_object(pickle->document, SG_VALUE_INERT, name ? name : "a value", tuple)
                  : NULL;
    return *result ? SG_OK : sg_pickle_fail_memory(pickle);
}

sg_status sg_pickle_call(sg_pickle *pickle, const sg_value *callable, sg_value *const *arguments,
                         size_t count, sg_value **result)
{
    *result = NULL;
    if (callable->role == SG_ROLE_GLOBAL && callable->object.callable &&
        pickle->call_depth < DEEPEST_CALL) {
        pickle->call_depth++;
        sg_status status = callable->object.callable->call(pickle, callable->object.class_name,
                                                           arguments, count, result);
        pickle->call_depth--;
        if (status)
            return status;
    }
    return *result ? SG_OK : make_inert(pickle, callable, arguments, count, result);
}
