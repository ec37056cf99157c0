/* NumPy's arrays, scalars and types as pickles build them; their data are checked for size. */
#include "checkpoint/pickle/pickle_calls.h"

#include <string.h>

#include "checkpoint/pickle/pickle_data.h"

/* ---- types ---- */

sg_status sg_numpy_type_of(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const char *name = call->count > 0 ? sg_value_text(call->arguments[0]) : NULL;
    if (!name)
        return SG_OK;
    sg_numpy_type *type = sg_tree_allocate(pickle->tree, sizeof *type);
    if (!type)
        return sg_pickle_fail_memory(pickle);
    SG_TRY(sg_pickle_give(
        pickle, sg_tree_object(pickle->tree, SG_VALUE_OBJECT, SG_ROLE_NUMPY_TYPE, call->class_name),
        result));
    type->numeric = sg_stored_type_from_numpy(name, &type->type, &type->big_endian);
    (*result)->object.numpy_type = type;
    return SG_OK;
}

/* The state is (version, byte order, ...). */
void sg_numpy_build_type(sg_value *target, const sg_value *state)
{
    if (state->kind == SG_VALUE_TUPLE && state->list.count >= 2) {
        const sg_value *order = state->list.items[1];
        target->object.numpy_type->big_endian =
            sg_is_byte_data(order) && order->text.size == 1 && order->text.bytes[0] == '>';
    }
}

static const sg_numpy_type *numeric_type(const sg_value *value)
{
    bool known = value->role == SG_ROLE_NUMPY_TYPE && value->object.numpy_type->numeric;
    return known ? value->object.numpy_type : NULL;
}

/* ---- arrays ---- */

/* Makes an array of these sizes over the data, which it must use up exactly. */
static sg_status make_array(sg_pickle *pickle, const sg_numpy_type *type, const sg_value *shape,
                            bool fortran, const sg_value *data, sg_array **result)
{
    sg_array *array = sg_tree_allocate(pickle->tree, sizeof *array);
    sg_array_storage *storage = sg_tree_allocate(pickle->tree, sizeof *storage);
    if (!array || !storage)
        return sg_pickle_fail_memory(pickle);
    if (!sg_plain_sizes(shape, &array->layout.rank, array->layout.size))
        return sg_pickle_fail(pickle, "an array's shape is not a tuple of up to %d sizes",
                              SG_STORED_MAX_RANK);
    SG_TRY(sg_pickle_byte_data(pickle, data, &storage->bytes, &storage->size));
    array->storage = storage;
    array->layout.type = type->type;
    array->layout.big_endian = type->big_endian;
    sg_array_set_dense(&array->layout, fortran);
    const char *fault = sg_array_check(array, storage->size, pickle->tree->size);
    if (fault)
        return sg_pickle_fail(pickle, "an array of %zu bytes %s", storage->size, fault);
    if (array->layout.count * sg_stored_type_bytes(type->type) != storage->size)
        return sg_pickle_fail(pickle, "an array of %zu elements has %zu bytes", array->layout.count,
                              storage->size);
    *result = array;
    return SG_OK;
}

static sg_status make_value(sg_pickle *pickle, const sg_numpy_type *type, const sg_value *shape,
                            bool fortran, const sg_value *data, sg_value **result)
{
    sg_array *array;
    SG_TRY(make_array(pickle, type, shape, fortran, data, &array));
    return sg_pickle_give(pickle, sg_tree_array(pickle->tree, array), result);
}

/* _reconstruct(ndarray, (0,), b"b"): an array that BUILD completes. */
sg_status sg_numpy_reconstruct(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const char *name = call->count > 0 ? sg_value_class(call->arguments[0]) : NULL;
    if (!name || strcmp(name, "numpy.ndarray") != 0)
        return SG_OK;
    return sg_pickle_give(
        pickle, sg_tree_object(pickle->tree, SG_VALUE_INERT, SG_ROLE_BLANK_ARRAY, "numpy.ndarray"),
        result);
}

/*
 * The state is (version, shape, dtype, whether in Fortran's order, data). Arrays of objects and of
 * text, whose type is not numeric, stay inert.
 */
sg_status sg_numpy_build_array(sg_pickle *pickle, sg_value *target, sg_value *state)
{
    target->object.state = state;
    if (state->kind != SG_VALUE_TUPLE || state->list.count != 5)
        return sg_pickle_fail(pickle, "an array's state is not a tuple of 5 items");
    sg_value *const *parts = state->list.items;
    const sg_numpy_type *type = numeric_type(parts[2]);
    if (!type || !sg_is_byte_data(parts[4]))
        return SG_OK;
    int64_t fortran = 0;
    sg_array *array;
    sg_plain_integer(parts[3], 0, 1, &fortran);
    SG_TRY(make_array(pickle, type, parts[1], fortran != 0, parts[4], &array));
    target->kind = SG_VALUE_ARRAY;
    target->role = SG_ROLE_NONE;
    target->array = array;
    return SG_OK;
}

/* scalar(dtype, bytes) */
sg_status sg_numpy_scalar(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const sg_numpy_type *type = call->count == 2 ? numeric_type(call->arguments[0]) : NULL;
    if (!type || !sg_is_byte_data(call->arguments[1]))
        return SG_OK;
    return make_value(pickle, type, &pickle->tree->empty_tuple, false, call->arguments[1], result);
}

/* _frombuffer(bytes, dtype, shape, order) */
sg_status sg_numpy_from_buffer(sg_pickle *pickle, const sg_call *call, sg_value **result)
{
    const sg_numpy_type *type = call->count == 4 ? numeric_type(call->arguments[1]) : NULL;
    if (!type || !sg_is_byte_data(call->arguments[0]))
        return SG_OK;
    bool fortran = sg_value_is_text(call->arguments[3], "F");
    return make_value(pickle, type, call->arguments[2], fortran, call->arguments[0], result);
}
