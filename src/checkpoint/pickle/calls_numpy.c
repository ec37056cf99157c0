/* NumPy's arrays, scalars and types as pickles build them; see calls_numpy.h. */
#include "checkpoint/pickle/calls_numpy.h"

#include <string.h>

#include "checkpoint/pickle/pickle_calls.h"
#include "checkpoint/values/stored_type.h"
#include "checkpoint/values/strided_array.h"

/* ---- types ---- */

sg_status sg_numpy_type_of(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                           size_t count, sg_value **result)
{
    const char *name = count > 0 ? sg_value_text(arguments[0]) : NULL;
    if (!name)
        return SG_OK;
    sg_numpy_type *type = sg_tree_allocate(pickle->document, sizeof *type);
    *result = sg_tree_object(pickle->document, SG_VALUE_OBJECT, class_name, NULL);
    if (!type || !*result)
        return sg_pickle_fail_memory(pickle);
    type->numeric = sg_stored_type_from_numpy(name, &type->type, &type->big_endian);
    (*result)->role = SG_ROLE_NUMPY_TYPE;
    (*result)->object.numpy_type = type;
    return SG_OK;
}

/* (version, byte order, ...) */
sg_status sg_numpy_build_type(sg_pickle *pickle, sg_value *target, const sg_value *state)
{
    (void)pickle;
    if (state->kind == SG_VALUE_TUPLE && state->list.count >= 2) {
        const sg_value *order = state->list.items[1];
        target->object.numpy_type->big_endian =
            sg_is_byte_data(order) && order->text.size == 1 && order->text.bytes[0] == '>';
    }
    return SG_OK;
}

static const sg_numpy_type *numeric_type(const sg_value *value)
{
    bool known = value->role == SG_ROLE_NUMPY_TYPE && value->object.numpy_type->numeric;
    return known ? value->object.numpy_type : NULL;
}

/* ---- arrays ---- */

/* The sizes of a tuple; false when it is none, or of too many or negative ones. */
static bool read_shape(const sg_value *shape, sg_value_array *layout)
{
    if (shape->kind != SG_VALUE_TUPLE || shape->list.count > SG_STORED_MAX_RANK)
        return false;
    layout->rank = (int)shape->list.count;
    for (int i = 0; i < layout->rank; i++)
        if (!sg_plain_integer(shape->list.items[i], 0, INT64_MAX, &layout->size[i]))
            return false;
    return true;
}

/* Fills in an array of these sizes over the data, which it must use up exactly. */
static sg_status make_array(sg_pickle *pickle, const sg_numpy_type *type, const sg_value *shape,
                            bool fortran, const sg_value *data, sg_array **result)
{
    sg_array *array = sg_tree_allocate(pickle->document, sizeof *array);
    sg_storage *storage = sg_tree_allocate(pickle->document, sizeof *storage);
    if (!array || !storage)
        return sg_pickle_fail_memory(pickle);
    if (!read_shape(shape, &array->layout))
        return sg_pickle_fail(pickle, "an array's shape is not a tuple of up to %d sizes",
                              SG_STORED_MAX_RANK);
    sg_status status = sg_pickle_byte_data(pickle, data, &storage->bytes, &storage->size);
    if (status)
        return status;
    array->storage = storage;
    array->layout.type = type->type;
    array->layout.big_endian = type->big_endian;
    sg_array_set_dense(&array->layout, fortran);
    const char *fault = sg_array_check(array, storage->size, pickle->document->size);
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
    sg_status status = make_array(pickle, type, shape, fortran, data, &array);
    if (status)
        return status;
    *result = sg_tree_array(pickle->document, array);
    return *result ? SG_OK : sg_pickle_fail_memory(pickle);
}

/* _reconstruct(ndarray, (0,), b"b"): an array that BUILD completes. */
sg_status sg_numpy_reconstruct(sg_pickle *pickle, const char *class_name,
                               sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    const char *name = count > 0 ? sg_value_class(arguments[0]) : NULL;
    if (!name || strcmp(name, "numpy.ndarray") != 0)
        return SG_OK;
    *result = sg_tree_object(pickle->document, SG_VALUE_INERT, "numpy.ndarray", NULL);
    if (!*result)
        return sg_pickle_fail_memory(pickle);
    (*result)->role = SG_ROLE_BLANK_ARRAY;
    return SG_OK;
}

/* (version, shape, dtype, whether in Fortran's order, data); arrays of objects and of text, whose
 * type is not numeric, stay inert. */
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
    sg_plain_integer(parts[3], 0, 1, &fortran);
    sg_array *array;
    sg_status status = make_array(pickle, type, parts[1], fortran != 0, parts[4], &array);
    if (!status) {
        target->kind = SG_VALUE_ARRAY;
        target->role = SG_ROLE_NONE;
        target->array = array;
    }
    return status;
}

/* scalar(dtype, bytes) */
sg_status sg_numpy_scalar(sg_pickle *pickle, const char *class_name, sg_value *const *arguments,
                          size_t count, sg_value **result)
{
    (void)class_name;
    const sg_numpy_type *type = count == 2 ? numeric_type(arguments[0]) : NULL;
    if (!type || !sg_is_byte_data(arguments[1]))
        return SG_OK;
    return make_value(pickle, type, &pickle->document->empty_tuple, false, arguments[1], result);
}

/* _frombuffer(bytes, dtype, shape, order) */
sg_status sg_numpy_from_buffer(sg_pickle *pickle, const char *class_name,
                               sg_value *const *arguments, size_t count, sg_value **result)
{
    (void)class_name;
    const sg_numpy_type *type = count == 4 ? numeric_type(arguments[1]) : NULL;
    if (!type || !sg_is_byte_data(arguments[0]))
        return SG_OK;
    bool fortran = sg_value_is_text(arguments[3], "F");
    return make_value(pickle, type, arguments[2], fortran, arguments[0], result);
}
