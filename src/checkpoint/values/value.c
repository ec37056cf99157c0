/*
 * Reading access to values: kinds, scalars, items, names and descriptions.
 *
 * Tested by: tests/checkpoint/pickle/test_pickle.c
 */
#include "checkpoint/values/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checkpoint/values/value_node.h"

sg_value_kind sg_value_kind_of(const sg_value *value)
{
    return value ? (sg_value_kind)value->kind : SG_VALUE_NONE;
}

/* ---- scalars ---- */

/* Returns the only element of a 0-d array, or NULL. */
static const sg_array *scalar_array(const sg_value *value)
{
    bool scalar = sg_value_kind_of(value) == SG_VALUE_ARRAY && value->array->layout.rank == 0;
    return scalar ? value->array : NULL;
}

static bool is_float_type(sg_stored_type type)
{
    return type == SG_STORED_F16 || type == SG_STORED_BF16 || type == SG_STORED_F32 ||
           type == SG_STORED_F64;
}

bool sg_value_bool(const sg_value *value, bool *result)
{
    const sg_array *array = scalar_array(value);
    if (array && array->layout.type == SG_STORED_BOOL) {
        *result = sg_array_scalar_bits(array) != 0;
        return true;
    }
    if (sg_value_kind_of(value) != SG_VALUE_BOOL)
        return false;
    *result = value->boolean;
    return true;
}

static bool integer_of_array(const sg_array *array, int64_t *result)
{
    uint64_t bits = sg_array_scalar_bits(array);
    switch (array->layout.type) {
    case SG_STORED_BOOL:
        *result = bits != 0;
        return true;
    case SG_STORED_I8:
        *result = (int64_t)(bits ^ 0x80) - 0x80; /* extends the sign */
        return true;
    case SG_STORED_I16:
        *result = (int16_t)bits;
        return true;
    case SG_STORED_I32:
        *result = (int32_t)bits;
        return true;
    case SG_STORED_U8:
    case SG_STORED_U16:
    case SG_STORED_U32:
    case SG_STORED_I64:
    case SG_STORED_U64:
        *result = (int64_t)bits;
        return array->layout.type != SG_STORED_U64 || bits <= INT64_MAX;
    default:
        return false;
    }
}

bool sg_value_integer(const sg_value *value, int64_t *result)
{
    const sg_array *array = scalar_array(value);
    if (array)
        return integer_of_array(array, result);
    const sg_value_kind kind = sg_value_kind_of(value);
    if (kind != SG_VALUE_BOOL && kind != SG_VALUE_INTEGER)
        return false;
    *result = kind == SG_VALUE_BOOL ? value->boolean : value->integer;
    return true;
}

bool sg_value_real(const sg_value *value, double *result)
{
    const sg_array *array = scalar_array(value);
    if (array && is_float_type(array->layout.type)) {
        *result = sg_array_scalar_real(array);
        return true;
    }
    if (sg_value_kind_of(value) == SG_VALUE_REAL) {
        *result = value->real;
        return true;
    }
    int64_t integer;
    if (!sg_value_integer(value, &integer))
        return false;
    *result = (double)integer;
    return true;
}

const char *sg_value_text(const sg_value *value)
{
    bool plain = sg_value_kind_of(value) == SG_VALUE_TEXT && value->terminated;
    return plain ? (const char *)value->text.bytes : NULL;
}

bool sg_value_is_text(const sg_value *value, const char *text)
{
    size_t length = strlen(text);
    return sg_value_kind_of(value) == SG_VALUE_TEXT && value->text.size == length &&
           memcmp(value->text.bytes, text, length) == 0;
}

const unsigned char *sg_value_bytes(const sg_value *value, size_t *size)
{
    sg_value_kind kind = sg_value_kind_of(value);
    if (kind != SG_VALUE_TEXT && kind != SG_VALUE_BYTES) {
        *size = 0;
        return NULL;
    }
    *size = value->text.size;
    return value->text.bytes;
}

/* ---- items ---- */

size_t sg_value_count(const sg_value *value)
{
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_LIST:
    case SG_VALUE_TUPLE:
    case SG_VALUE_SET:
        return value->list.count;
    case SG_VALUE_DICT:
        return value->list.count / 2;
    default:
        return 0;
    }
}

const sg_value *sg_value_item(const sg_value *value, size_t index)
{
    if (index >= sg_value_count(value))
        return NULL;
    return value->kind == SG_VALUE_DICT ? value->list.items[2 * index + 1]
                                        : value->list.items[index];
}

const sg_value *sg_value_key(const sg_value *value, size_t index)
{
    bool within = sg_value_kind_of(value) == SG_VALUE_DICT && index < sg_value_count(value);
    return within ? value->list.items[2 * index] : NULL;
}

const sg_value *sg_value_find(const sg_value *value, const char *key)
{
    size_t count = sg_value_count(value);
    if (sg_value_kind_of(value) != SG_VALUE_DICT || count > SG_VALUE_MOST_SEARCHED)
        return NULL;
    for (size_t i = count; i-- > 0;)
        if (sg_value_is_text(value->list.items[2 * i], key))
            return value->list.items[2 * i + 1];
    return NULL;
}

/* ---- objects ---- */

static bool has_class(const sg_value *value)
{
    sg_value_kind kind = sg_value_kind_of(value);
    return kind == SG_VALUE_OBJECT || kind == SG_VALUE_INERT;
}

const char *sg_value_class(const sg_value *value)
{
    return has_class(value) ? value->object.class_name : NULL;
}

const sg_value *sg_value_state(const sg_value *value)
{
    if (sg_value_kind_of(value) == SG_VALUE_DICT)
        return value->list.state;
    return has_class(value) ? value->object.state : NULL;
}

const sg_value *sg_value_arguments(const sg_value *value)
{
    return has_class(value) && value->role == SG_ROLE_NONE ? value->object.arguments : NULL;
}

/* ---- arrays ---- */

bool sg_value_array_of(const sg_value *value, sg_value_array *array)
{
    if (sg_value_kind_of(value) != SG_VALUE_ARRAY)
        return false;
    *array = value->array->layout;
    return true;
}

bool sg_value_read_floats(const sg_value *value, float *numbers)
{
    if (sg_value_kind_of(value) != SG_VALUE_ARRAY ||
        !sg_stored_type_converts(value->array->layout.type))
        return false;
    sg_array_read_floats(value->array, numbers);
    return true;
}

const uint8_t *sg_value_array_bytes(const sg_value *value)
{
    if (sg_value_kind_of(value) != SG_VALUE_ARRAY)
        return NULL;
    const sg_array *array = value->array;
    const bool plain = array->layout.type == SG_STORED_U8 && array->layout.dense;
    return plain && array->storage->bytes ? array->storage->bytes + array->offset : NULL;
}

/* ---- descriptions ---- */

enum { DESCRIPTION_BYTES = 200 };

static void describe_array(const sg_value_array *layout, char *text)
{
    size_t used = (size_t)snprintf(text, DESCRIPTION_BYTES, "an array of %s [",
                                   sg_stored_type_name(layout->type));
    for (int i = 0; i < layout->rank; i++) {
        used += (size_t)snprintf(text + used, DESCRIPTION_BYTES - used, "%s%" PRId64,
                                 i > 0 ? ", " : "", layout->size[i]);
        if (used > DESCRIPTION_BYTES - 24)
            break;
    }
    snprintf(text + used, DESCRIPTION_BYTES - used, "]");
}

static void describe_scalar(const sg_value *value, char *text)
{
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_BOOL:
        strcpy(text, value->boolean ? "True" : "False");
        break;
    case SG_VALUE_INTEGER:
        snprintf(text, DESCRIPTION_BYTES, "the integer %" PRId64, value->integer);
        break;
    case SG_VALUE_REAL:
        snprintf(text, DESCRIPTION_BYTES, "the number %g", value->real);
        break;
    default:
        strcpy(text, value ? "None" : "nothing");
        break;
    }
}

static void describe_items(const sg_value *value, char *text)
{
    const char *name = value->kind == SG_VALUE_LIST    ? "list"
                       : value->kind == SG_VALUE_TUPLE ? "tuple"
                       : value->kind == SG_VALUE_SET   ? "set"
                                                       : "dict";
    size_t count = sg_value_count(value);
    snprintf(text, DESCRIPTION_BYTES, "a %s of %zu %s%s", name, count,
             value->kind == SG_VALUE_DICT ? "entr" : "item",
             value->kind == SG_VALUE_DICT ? (count == 1 ? "y" : "ies") : (count == 1 ? "" : "s"));
}

static void describe_named(const sg_value *value, char *text)
{
    const char *name = value->object.class_name;
    if (value->role == SG_ROLE_GLOBAL)
        snprintf(text, DESCRIPTION_BYTES, "the class or function %.100s", name);
    else if (value->kind == SG_VALUE_OBJECT)
        snprintf(text, DESCRIPTION_BYTES, "an object of the class %.100s", name);
    else
        snprintf(text, DESCRIPTION_BYTES, "what %.100s would make, which is not run", name);
}

char *sg_value_describe(const sg_value *value, char *text)
{
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_TEXT:
        if (value->text.size <= 60)
            snprintf(text, DESCRIPTION_BYTES, "the text \"%.*s\"", (int)value->text.size,
                     (const char *)value->text.bytes);
        else
            snprintf(text, DESCRIPTION_BYTES, "a text of %zu bytes", value->text.size);
        break;
    case SG_VALUE_BYTES:
        snprintf(text, DESCRIPTION_BYTES, "%zu bytes", value->text.size);
        break;
    case SG_VALUE_LIST:
    case SG_VALUE_TUPLE:
    case SG_VALUE_SET:
    case SG_VALUE_DICT:
        describe_items(value, text);
        break;
    case SG_VALUE_ARRAY:
        describe_array(&value->array->layout, text);
        break;
    case SG_VALUE_OBJECT:
    case SG_VALUE_INERT:
        describe_named(value, text);
        break;
    default:
        describe_scalar(value, text);
        break;
    }
    return text;
}
