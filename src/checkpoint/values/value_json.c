/*
 * Options from a foreign file as JSON. Values may be shared, so a small file can unfold to a huge
 * tree: depth and count are bounded.
 */
#include "checkpoint/values/value_json.h"

#include <math.h>
#include <stdio.h>

#include "base/fields.h"

enum {
    DEEPEST = 16,
    MOST_VALUES = 10000,
    MOST_KEYS = 1000, /* of one dict */
    LONGEST_ARRAY = 64,
    DESCRIPTION_BYTES = 200
};

/* Converts a value; counts the values made. */
static cJSON *convert(const sg_value *value, int depth, int *made);

static cJSON *convert_list(const sg_value *value, int depth, int *made)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; list && i < sg_value_count(value); i++) {
        if (!cJSON_AddItemToArray(list, convert(sg_value_item(value, i), depth + 1, made))) {
            cJSON_Delete(list);
            return NULL;
        }
    }
    return list;
}

static cJSON *convert_dict(const sg_value *value, int depth, int *made)
{
    cJSON *object = cJSON_CreateObject();
    bool whole = object && sg_value_count(value) <= MOST_KEYS;
    for (size_t i = 0; whole && i < sg_value_count(value); i++) {
        const char *key = sg_value_text(sg_value_key(value, i));
        if (!key || sg_value_find(value, key) != sg_value_item(value, i))
            continue; /* no text, or replaced by a later entry */
        whole = sg_json_add(object, key, convert(sg_value_item(value, i), depth + 1, made));
    }
    if (!whole)
        cJSON_Delete(object);
    return whole ? object : NULL;
}

/* JSON has no infinities and no NaN. */
static cJSON *convert_number(double number)
{
    return isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateString("<not finite>");
}

static cJSON *describe(const sg_value *value)
{
    char text[DESCRIPTION_BYTES];
    char bracketed[DESCRIPTION_BYTES + 3];
    snprintf(bracketed, sizeof bracketed, "<%s>", sg_value_describe(value, text));
    return cJSON_CreateString(bracketed);
}

static cJSON *convert_array(const sg_value *value)
{
    sg_value_array array;
    float numbers[LONGEST_ARRAY];
    if (!sg_value_array_of(value, &array) || array.rank > 1 || array.count > LONGEST_ARRAY ||
        !sg_value_read_floats(value, numbers))
        return describe(value);
    double number = 0.0;
    if (array.rank == 0 && array.type == SG_STORED_BOOL)
        return cJSON_CreateBool(numbers[0] != 0.0f);
    if (array.rank == 0)
        return convert_number(sg_value_real(value, &number) ? number : (double)numbers[0]);
    return cJSON_CreateFloatArray(numbers, (int)array.count);
}

static cJSON *convert_scalar(const sg_value *value)
{
    double number = 0.0;
    bool flag = false;
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_NONE:
        return cJSON_CreateNull();
    case SG_VALUE_BOOL:
        sg_value_bool(value, &flag);
        return cJSON_CreateBool(flag);
    case SG_VALUE_INTEGER:
    case SG_VALUE_REAL:
        sg_value_real(value, &number);
        return convert_number(number);
    case SG_VALUE_TEXT:
        return sg_value_text(value) ? cJSON_CreateString(sg_value_text(value)) : describe(value);
    case SG_VALUE_ARRAY:
        return convert_array(value);
    default:
        return describe(value);
    }
}

static cJSON *convert(const sg_value *value, int depth, int *made)
{
    if (depth > DEEPEST || ++*made > MOST_VALUES)
        return NULL;
    switch (sg_value_kind_of(value)) {
    case SG_VALUE_LIST:
    case SG_VALUE_TUPLE:
        return convert_list(value, depth, made);
    case SG_VALUE_DICT:
        return convert_dict(value, depth, made);
    default:
        return convert_scalar(value);
    }
}

cJSON *sg_value_to_json(const sg_value *value)
{
    int made = 0;
    return convert(value, 0, &made);
}
