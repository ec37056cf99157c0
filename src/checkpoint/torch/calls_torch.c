/*
 * Torch's tensors and nested files as pickles build them.
 *
 * Tested by: tests/checkpoint/torch/test_torch_file.c
 */
#include "checkpoint/torch/torch_file.h"

#include <string.h>

#include "checkpoint/pickle/pickle_calls.h"
#include "checkpoint/pickle/pickle_data.h"
#include "checkpoint/torch/torch_storage.h"

enum { DEEPEST_NESTING = 3 };

/* Reads sizes and strides; false unless they are tuples of as many integers. */
static bool read_layout(const sg_value *size, const sg_value *stride, sg_value_array *layout)
{
    int strides = 0;
    return sg_plain_sizes(size, &layout->rank, layout->size) &&
           sg_plain_sizes(stride, &strides, layout->stride) && strides == layout->rank;
}

/* Makes a tensor of `type`; `arguments` are storage, offset, size and stride. */
static sg_status rebuild(sg_pickle *pickle, sg_stored_type type, sg_value *const *arguments,
                         sg_value **result)
{
    const sg_storage_view *view = arguments[0]->object.storage;
    sg_array *array = sg_tree_allocate(pickle->tree, sizeof *array);
    if (!array)
        return sg_pickle_fail_memory(pickle);
    int64_t offset;
    if (!read_layout(arguments[2], arguments[3], &array->layout))
        return sg_pickle_fail(pickle,
                              "a tensor's sizes and strides are not two tuples of up to %d "
                              "numbers from 0",
                              SG_STORED_MAX_RANK);
    if (!sg_plain_integer(arguments[1], 0, INT64_MAX / 8, &offset))
        return sg_pickle_fail(pickle, "a tensor's offset is not a number from 0");
    array->layout.type = type;
    array->layout.big_endian = view->storage->big_endian;
    array->storage = view->storage;
    array->offset = (size_t)offset * sg_stored_type_bytes(type);
    const char *fault = sg_array_check(array, view->size, pickle->tree->size);
    if (fault)
        return sg_pickle_fail(pickle, "a tensor in a storage of %zu bytes %s", view->size, fault);
    array->offset += view->offset;
    return sg_pickle_give(pickle, sg_tree_array(pickle->tree, array), result);
}

/* _rebuild_tensor(_v2)(storage, offset, size, stride, ...): an array over the storage. */
static sg_status rebuild_tensor(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    sg_value *const *arguments = call->arguments;
    if (call->count < 4 || arguments[0]->role != SG_ROLE_STORAGE ||
        !arguments[0]->object.storage->numeric)
        return SG_OK;
    return rebuild(pickle, arguments[0]->object.storage->type, arguments, result);
}

/* _rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, ...) */
static sg_status rebuild_typed_tensor(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    sg_stored_type type;
    if (call->count < 7 || call->arguments[0]->role != SG_ROLE_STORAGE ||
        !sg_torch_type_of(sg_value_class(call->arguments[6]), &type))
        return SG_OK;
    return rebuild(pickle, type, call->arguments, result);
}

/* _rebuild_parameter(data, ...): the data. */
static sg_status rebuild_parameter(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    (void)pickle;
    if (call->count > 0 && call->arguments[0]->kind == SG_VALUE_ARRAY)
        *result = call->arguments[0];
    return SG_OK;
}

/* _rebuild_from_type_v2(function, type, arguments, state): a tensor with attributes. */
static sg_status rebuild_from_type(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    if (call->count != 4 || call->arguments[2]->kind != SG_VALUE_TUPLE)
        return SG_OK;
    const sg_value_items *arguments = &call->arguments[2]->list;
    return sg_pickle_call(pickle, call->arguments[0], arguments->items, arguments->count, result);
}

/*
 * _load_from_bytes(bytes): the content of the torch file in the bytes. The same bytes, loaded many
 * times through the memo, are read once.
 */
static sg_status load_from_bytes(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    if (call->count != 1 || !sg_is_byte_data(call->arguments[0]))
        return SG_OK;
    sg_value *holder = call->arguments[0];
    const int depth = pickle->source->depth;
    const unsigned char *bytes;
    size_t size;
    *result = holder->text.loaded;
    if (*result)
        return SG_OK;
    if (depth >= DEEPEST_NESTING)
        return sg_pickle_fail(pickle, "files are nested in one another more than %d deep",
                              DEEPEST_NESTING);
    SG_TRY(sg_pickle_byte_data(pickle, holder, &bytes, &size));
    if (!sg_tree_charge_work(pickle->tree, size))
        return sg_pickle_fail_memory(pickle);
    SG_TRY(pickle->tree->read_nested(pickle->tree, bytes, size, depth + 1, result, pickle->error));
    holder->text.loaded = *result;
    return SG_OK;
}

/* By present name, sorted. */
static const sg_callable known[] = {
    {"torch.Size", sg_call_tuple},
    {"torch._tensor._rebuild_from_type_v2", rebuild_from_type},
    {"torch._utils._rebuild_parameter", rebuild_parameter},
    {"torch._utils._rebuild_parameter_with_state", rebuild_parameter},
    {"torch._utils._rebuild_tensor", rebuild_tensor},
    {"torch._utils._rebuild_tensor_v2", rebuild_tensor},
    {"torch._utils._rebuild_tensor_v3", rebuild_typed_tensor},
    {"torch.device", sg_call_object},
    {"torch.nn.parameter.Parameter", rebuild_parameter},
    {"torch.storage._load_from_bytes", load_from_bytes},
};

static const sg_callable module = {"torch.nn.modules", sg_call_object};

const sg_callable *sg_torch_find_callable(const char *name)
{
    static const char modules[] = "torch.nn.modules.";
    if (strncmp(name, modules, sizeof modules - 1) == 0)
        return &module;
    return sg_callable_search(known, sizeof known / sizeof known[0], name);
}
