/* Torch's tensors and nested files as pickles build them; see calls_torch.h. */
#include "checkpoint/torch/calls_torch.h"

#include <string.h>

#include "checkpoint/pickle/pickle_calls.h"
#include "checkpoint/torch/torch_file.h"
#include "checkpoint/torch/torch_storage.h"
#include "checkpoint/values/strided_array.h"

enum { DEEPEST_NESTING = 3 };

/* Sizes and strides; false when they are no tuples of the same, bounded number of integers. */
static bool read_layout(const sg_value *size, const sg_value *stride, sg_value_array *layout)
{
    bool tuples = size->kind == SG_VALUE_TUPLE && stride->kind == SG_VALUE_TUPLE;
    if (!tuples || size->list.count > SG_STORED_MAX_RANK || size->list.count != stride->list.count)
        return false;
    layout->rank = (int)size->list.count;
    for (int i = 0; i < layout->rank; i++)
        if (!sg_plain_integer(size->list.items[i], 0, INT64_MAX, &layout->size[i]) ||
            !sg_plain_integer(stride->list.items[i], 0, INT64_MAX, &layout->stride[i]))
            return false;
    return true;
}

/* A tensor of `type` over the storage; `arguments` are storage, offset, size, stride. */
static sg_status rebuild(sg_pickle *pickle, sg_stored_type type, sg_value *const *arguments,
                         sg_value **result)
{
    const sg_storage_view *view = arguments[0]->object.storage;
    sg_array *array = sg_tree_allocate(pickle->document, sizeof *array);
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
    size_t offset_bytes = (size_t)offset * sg_stored_type_bytes(type);
    array->layout.type = type;
    array->layout.big_endian = view->storage->big_endian;
    array->storage = view->storage;
    array->offset = offset_bytes;
    const char *fault = sg_array_check(array, view->size, pickle->document->size);
    if (fault)
        return sg_pickle_fail(pickle, "a tensor in a storage of %zu bytes %s", view->size, fault);
    array->offset += view->offset;
    *result = sg_tree_array(pickle->document, array);
    return *result ? SG_OK : sg_pickle_fail_memory(pickle);
}

sg_status sg_torch_rebuild_tensor(sg_pickle *pickle, const char *class_name,
                                  sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    if (count < 4 || arguments[0]->role != SG_ROLE_STORAGE ||
        !arguments[0]->object.storage->numeric)
        return SG_OK;
    return rebuild(pickle, arguments[0]->object.storage->type, arguments, result);
}

sg_status sg_torch_rebuild_typed_tensor(sg_pickle *pickle, const char *class_name,
                                        sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    sg_stored_type type;
    if (count < 7 || arguments[0]->role != SG_ROLE_STORAGE ||
        !sg_torch_type_of(sg_value_class(arguments[6]), &type))
        return SG_OK;
    return rebuild(pickle, type, arguments, result);
}

sg_status sg_torch_rebuild_parameter(sg_pickle *pickle, const char *class_name,
                                     sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)pickle;
    (void)class_name;
    if (count > 0 && arguments[0]->kind == SG_VALUE_ARRAY)
        *result = arguments[0];
    return SG_OK;
}

sg_status sg_torch_load_from_bytes(sg_pickle *pickle, const char *class_name,
                                   sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    if (count != 1 || !sg_is_byte_data(arguments[0]))
        return SG_OK;
    /* The same bytes, loaded many times by way of the memo, are read once. */
    sg_value *holder = arguments[0];
    if (holder->text.loaded) {
        *result = holder->text.loaded;
        return SG_OK;
    }
    if (pickle->source->depth >= DEEPEST_NESTING)
        return sg_pickle_fail(pickle, "files are nested in one another more than %d deep",
                              DEEPEST_NESTING);
    const unsigned char *bytes;
    size_t size;
    sg_status status = sg_pickle_byte_data(pickle, holder, &bytes, &size);
    if (!status && !sg_tree_charge_work(pickle->document, size))
        status = sg_pickle_fail_memory(pickle);
    if (!status)
        status = sg_torch_file_read(pickle->document, bytes, size, pickle->source->depth + 1,
                                    result, pickle->error);
    holder->text.loaded = *result;
    return status;
}
