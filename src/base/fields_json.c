/*
 * Tables of fields as JSON, both ways.
 *
 * Tested by: tests/base/test_fields.c
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/fields.h"
#include "base/nearest_name.h"

/* ---- reading ---- */

static sg_status refuse(const sg_field *row, const sg_fields_reading *reading, sg_error *error)
{
    char expected[320];
    const bool names = row->kind == SG_FIELD_CHOICE;
    return sg_fail(error, SG_ERROR_FORMAT, "%s has a \"%s\" that is not %s%s", reading->subject,
                   row->name,
                   names ? sg_choice_list_quoted(row->choices, expected, sizeof expected)
                         : sg_field_expected(row, expected, sizeof expected),
                   row->flags & SG_FIELD_NULLABLE ? " or null" : "");
}

/* Tells whether the item is a number in the row's range; its value in *number. */
static bool read_number(const sg_field *row, const cJSON *item, double *number)
{
    sg_error unread = {0};
    /* The value of null is no number in a file. */
    const sg_field plain = {.kind = SG_FIELD_NUMBER,
                            .least = row->least,
                            .most = row->most,
                            .flags = row->flags & ~(unsigned)SG_FIELD_NULLABLE};
    const bool whole = row->kind != SG_FIELD_NUMBER && row->kind != SG_FIELD_NUMBERS;
    if (cJSON_IsNull(item) && row->flags & SG_FIELD_NULLABLE) {
        *number = row->null_value;
        return true;
    }
    *number = item->valuedouble;
    if (!cJSON_IsNumber(item) || sg_field_check(&plain, number, SG_SPELL_KEYWORD, &unread))
        return false;
    return !whole || (*number == floor(*number) &&
                      (row->kind == SG_FIELD_UINT64 || fabs(*number) <= INT_MAX));
}

static bool read_floats(const sg_field *row, const cJSON *item, void *target)
{
    float *values = (float *)(void *)((char *)target + row->offset);
    int *count = (int *)(void *)((char *)target + row->count_offset);
    const int size = cJSON_IsArray(item) ? cJSON_GetArraySize(item) : 0;
    const cJSON *element = item->child;
    if (cJSON_IsNull(item) && row->flags & SG_FIELD_NULLABLE) {
        values[0] = (float)row->null_value;
        *count = 1;
        return true;
    }
    if (size < 1 || (size_t)size > row->count)
        return false;
    for (int i = 0; i < size; i++, element = element->next) {
        if (!cJSON_IsNumber(element))
            return false;
        values[i] = (float)element->valuedouble;
    }
    *count = size;
    return true;
}

static bool read_array(const sg_field *row, const cJSON *item, void *value)
{
    const cJSON *element = item->child;
    double number;
    if (!cJSON_IsArray(item) || (size_t)cJSON_GetArraySize(item) != row->count)
        return false;
    for (size_t i = 0; i < row->count; i++, element = element->next) {
        if (!read_number(row, element, &number))
            return false;
        if (row->kind == SG_FIELD_INTS)
            ((int *)value)[i] = (int)number;
        else
            ((double *)value)[i] = number;
    }
    return true;
}

/* Reads an item that is no object; false when it is not as the row says. */
static bool read_plain(const sg_field *row, const cJSON *item, void *target)
{
    void *value = (char *)target + row->offset;
    double number;
    switch (row->kind) {
    case SG_FIELD_FLAG:
        *(bool *)value = cJSON_IsTrue(item);
        return cJSON_IsBool(item);
    case SG_FIELD_INT:
    case SG_FIELD_UINT64:
    case SG_FIELD_NUMBER:
        if (!read_number(row, item, &number))
            return false;
        if (row->kind == SG_FIELD_INT)
            *(int *)value = (int)number;
        else if (row->kind == SG_FIELD_UINT64)
            *(uint64_t *)value = (uint64_t)number;
        else
            *(double *)value = number;
        return true;
    case SG_FIELD_TEXT:
        *(const char **)value = item->valuestring;
        return cJSON_IsString(item);
    case SG_FIELD_CHOICE:
        *(int *)value = cJSON_IsString(item) ? sg_choice_find(row->choices, item->valuestring) : -1;
        return *(int *)value >= 0;
    case SG_FIELD_FLOATS:
        return read_floats(row, item, target);
    case SG_FIELD_INTS:
    case SG_FIELD_NUMBERS:
        return read_array(row, item, value);
    case SG_FIELD_CODED:
        return row->codec->from_json(item, value);
    default:
        return true;
    }
}

static sg_status read_item(const sg_field *row, const sg_fields_reading *reading, const cJSON *item,
                           void *target, sg_error *error)
{
    sg_fields_reading inner = *reading;
    inner.name = row->name;
    if (row->kind == SG_FIELD_OBJECT)
        return sg_fields_from_json(row->nested, &inner, item, (char *)target + row->offset, NULL,
                                   error);
    return read_plain(row, item, target) ? SG_OK : refuse(row, reading, error);
}

/* " in \"init_kwargs\"" or nothing, as three arguments for "%s%s%s". */
#define WITHIN(reading)                                                                            \
    (reading)->name ? " in \"" : "", (reading)->name ? (reading)->name : "",                       \
        (reading)->name ? "\"" : ""

static sg_status refuse_key(const sg_field_table *table, const sg_fields_reading *reading,
                            const char *key, sg_error *error)
{
    const char *names[SG_MOST_FIELDS];
    const sg_field *row;
    size_t count = 0;
    for (size_t i = 0; (row = sg_field_at(table, i)) && count < SG_MOST_FIELDS; i++)
        if (row->name && !(row->flags & SG_FIELD_UNSAVED))
            names[count++] = row->name;
    const char *nearest = sg_nearest_name(key, names, count);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s has a \"%.100s\"%s%s%s, which this program does not know%s%s%s",
                   reading->subject, key, WITHIN(reading), nearest ? "; did you mean \"" : "",
                   nearest ? nearest : "", nearest ? "\"?" : "");
}

static sg_status check_missing(const sg_field_table *table, const sg_fields_reading *reading,
                               const cJSON *object, sg_error *error)
{
    const sg_field *row;
    for (size_t i = 0; reading->all_needed && (row = sg_field_at(table, i)); i++)
        if (!(row->flags & (SG_FIELD_OPTIONAL | SG_FIELD_UNSAVED | SG_FIELD_CHANGED)) &&
            row->kind < SG_FIELD_CONSTANT && !cJSON_GetObjectItemCaseSensitive(object, row->name))
            return sg_fail(error, SG_ERROR_FORMAT, "%s has no \"%s\"", reading->subject, row->name);
    return SG_OK;
}

sg_status sg_fields_from_json(const sg_field_table *table, const sg_fields_reading *reading,
                              const cJSON *object, void *target, sg_given *given, sg_error *error)
{
    const cJSON *item;
    if (!cJSON_IsObject(object))
        return sg_fail(error, SG_ERROR_FORMAT, "%s has a \"%s\" that is not an object",
                       reading->subject, reading->name);
    cJSON_ArrayForEach(item, object)
    {
        const int index = sg_field_find(table, item->string);
        if (index < 0 &&
            (reading->skip_unknown || (reading->skips && reading->skips(item->string, item))))
            continue;
        if (index < 0)
            return refuse_key(table, reading, item->string, error);
        if (cJSON_GetObjectItemCaseSensitive(object, item->string) != item)
            return sg_fail(error, SG_ERROR_FORMAT, "%s has two \"%s\"%s%s%s", reading->subject,
                           item->string, WITHIN(reading));
        SG_TRY(read_item(sg_field_at(table, (size_t)index), reading, item, target, error));
        if (given)
            sg_given_set(given, (size_t)index);
    }
    return check_missing(table, reading, object, error);
}

/* ---- writing ---- */

static cJSON *number_item(const sg_field *row, double value)
{
    return row->flags & SG_FIELD_NULLABLE && value == row->null_value ? cJSON_CreateNull()
                                                                      : cJSON_CreateNumber(value);
}

/* Returns a new item with the member's value; NULL on lack of memory. */
static cJSON *write_plain(const sg_field *row, const void *source)
{
    const void *value = (const char *)source + row->offset;
    switch (row->kind) {
    case SG_FIELD_FLAG:
        return cJSON_CreateBool(*(const bool *)value);
    case SG_FIELD_INT:
        return number_item(row, *(const int *)value);
    case SG_FIELD_UINT64:
        return number_item(row, (double)*(const uint64_t *)value);
    case SG_FIELD_NUMBER:
        return number_item(row, *(const double *)value);
    case SG_FIELD_TEXT:
        return cJSON_CreateString(*(const char *const *)value ? *(const char *const *)value : "");
    case SG_FIELD_CHOICE:
        return cJSON_CreateString(sg_choice_name(row->choices, (size_t) * (const int *)value));
    case SG_FIELD_FLOATS:
        return cJSON_CreateFloatArray(
            value, *(const int *)(const void *)((const char *)source + row->count_offset));
    case SG_FIELD_INTS:
        return cJSON_CreateIntArray(value, (int)row->count);
    case SG_FIELD_NUMBERS:
        return cJSON_CreateDoubleArray(value, (int)row->count);
    case SG_FIELD_CODED:
        return row->codec->to_json(value);
    default:
        return cJSON_CreateNumber(row->null_value);
    }
}

/* An item for a nested struct, NULL with *failed false when it is to be left out. */
static cJSON *write_nested(const sg_field *row, const void *source, const void *defaults,
                           bool *failed)
{
    cJSON *object = cJSON_CreateObject();
    *failed = !object || !sg_fields_to_json(row->nested, (const char *)source + row->offset,
                                            (const char *)defaults + row->offset, object);
    if (*failed || (!object->child && row->flags & SG_FIELD_CHANGED)) {
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

/* Tells whether the member differs from its default: plain values bit by bit, others by their JSON.
 */
static bool is_changed(const sg_field *row, const cJSON *item, const void *source,
                       const void *defaults)
{
    const size_t bytes =
        row->kind == SG_FIELD_TEXT || row->kind == SG_FIELD_CODED ? 0 : sg_field_bytes(row);
    if (bytes > 0)
        return memcmp((const char *)source + row->offset, (const char *)defaults + row->offset,
                      bytes) != 0;
    cJSON *usual = write_plain(row, defaults);
    const bool changed = !usual || !cJSON_Compare(item, usual, true);
    cJSON_Delete(usual);
    return changed;
}

bool sg_json_add(cJSON *object, const char *key, cJSON *item)
{
    if (cJSON_AddItemToObject(object, key, item))
        return true;
    cJSON_Delete(item);
    return false;
}

static bool write_row(const sg_field *row, const void *source, const void *defaults, cJSON *object)
{
    bool failed = false;
    const bool nested = row->kind == SG_FIELD_OBJECT;
    cJSON *item = nested ? write_nested(row, source, defaults, &failed) : write_plain(row, source);
    if (nested && !item)
        return !failed;
    if (item && !nested && row->flags & SG_FIELD_CHANGED &&
        !is_changed(row, item, source, defaults)) {
        cJSON_Delete(item);
        return true;
    }
    return sg_json_add(object, row->name, item);
}

bool sg_fields_to_json(const sg_field_table *table, const void *source, const void *defaults,
                       cJSON *object)
{
    const sg_field *row;
    for (size_t i = 0; (row = sg_field_at(table, i)); i++)
        if (row->name && row->kind != SG_FIELD_IGNORED &&
            !(row->flags & (SG_FIELD_UNSAVED | SG_FIELD_READ_ONLY)) &&
            !write_row(row, source, defaults, object))
            return false;
    return true;
}
