/*
 * Labels in dataset.json, the file of the official dataset_tool.py.
 * Tested by: tests/data/labels/test_label_json.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/allocate.h"
#include "data/labels/label_list.h"

static sg_status fail_memory(const sg_label_list *list, sg_error *error)
{
    return sg_fail_memory(error, "the labels in %s", list->file);
}

static sg_status fail_entry(const sg_label_list *list, const cJSON *entry, sg_error *error)
{
    char *found = cJSON_PrintUnformatted(entry);
    char others[64] = "";
    if (list->width > 0 && list->count > 0)
        snprintf(others, sizeof others, "; those before it are lists of %zu", list->width);
    else if (list->count > 0)
        snprintf(others, sizeof others, "; those before it are %s",
                 list->entries[0].word ? "names of classes" : "class numbers");
    sg_fail(error, SG_ERROR_FORMAT,
            "%s: a label is %.200s, expected [\"path\", class] with a whole class number from 0 "
            "to %d, or [\"path\", [numbers]] with as many numbers for each%s",
            list->file, found ? found : "unreadable", SG_LARGEST_LABEL, others);
    cJSON_free(found);
    return SG_ERROR_FORMAT;
}

/* Adds the row of a label that is a list of numbers. */
static sg_status add_row(sg_label_list *list, const cJSON *entry, const char *name,
                         const cJSON *label, size_t place, sg_error *error)
{
    const size_t width = (size_t)cJSON_GetArraySize(label);
    const cJSON *number = NULL;
    size_t i = 0;
    if (width == 0 || width > SG_LARGEST_LABEL + 1 || (list->count > 0 && list->width != width))
        return fail_entry(list, entry, error);
    list->width = width;
    float *values = sg_allocate(width, sizeof *values);
    sg_status status = values ? SG_OK : fail_memory(list, error);
    cJSON_ArrayForEach(number, label)
    {
        if (!status && !(cJSON_IsNumber(number) && fabs(number->valuedouble) <= 3e38))
            status = fail_entry(list, entry, error);
        if (!status)
            values[i++] = (float)number->valuedouble;
    }
    if (!status && !sg_label_list_add_row(list, name, place, values))
        status = fail_memory(list, error);
    free(values);
    return status;
}

/* Tells whether a text is a class number. */
static bool is_digits(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Adds a picture's label; `entry` is what sentences quote. */
static sg_status add_label(sg_label_list *list, const cJSON *entry, const char *name,
                           const cJSON *label, size_t place, sg_error *error)
{
    if (cJSON_IsNull(label))
        return SG_OK;
    if (cJSON_IsArray(label))
        return add_row(list, entry, name, label, place, error);
    const bool is_word = cJSON_IsString(label) && !is_digits(label->valuestring);
    const double value = cJSON_IsNumber(label)   ? label->valuedouble
                         : cJSON_IsString(label) ? strtod(label->valuestring, NULL)
                                                 : -1;
    const bool is_class = value >= 0 && value <= SG_LARGEST_LABEL && value == floor(value);
    const bool had_words = list->count > 0 && list->entries[0].word;
    if ((!is_word && !is_class) || list->width > 0 || (list->count > 0 && had_words != is_word))
        return fail_entry(list, entry, error);
    return sg_label_list_add(list, name, is_word ? label->valuestring : NULL, place,
                             is_word ? -1 : (int)value)
               ? SG_OK
               : fail_memory(list, error);
}

/* Adds ["path", label]; null is no label. */
static sg_status add_pair(sg_label_list *list, const cJSON *entry, size_t place, sg_error *error)
{
    if (cJSON_IsNull(entry))
        return SG_OK;
    const cJSON *name = cJSON_IsArray(entry) ? entry->child : NULL;
    const cJSON *label = name ? name->next : NULL;
    if (!label || label->next || !cJSON_IsString(name))
        return fail_entry(list, entry, error);
    return add_label(list, entry, name->valuestring, label, place, error);
}

/* Reads the list of pairs, or the object {"path": label, ...}. */
static sg_status read_labels(sg_label_list *list, const cJSON *labels, sg_error *error)
{
    sg_status status = SG_OK;
    size_t place = 0;
    const cJSON *entry = NULL;
    cJSON_ArrayForEach(entry, labels)
    {
        if (status)
            break;
        place++;
        status = entry->string ? add_label(list, entry, entry->string, entry, place, error)
                               : add_pair(list, entry, place, error);
    }
    return status;
}

/* Reads the names of classes or numbers, as `stylegan dataset` writes them; others are ignored. */
static sg_status read_names(sg_label_list *list, const cJSON *names, sg_error *error)
{
    const cJSON *name = NULL;
    cJSON_ArrayForEach(name, names)
    {
        if (cJSON_IsString(name) && list->name_count <= SG_LARGEST_LABEL &&
            !sg_label_list_add_name(list, name->valuestring))
            return fail_memory(list, error);
    }
    return SG_OK;
}

/* Refuses a text that is not JSON, with the line and column, from 1, where it ends to be. */
static sg_status refuse_text(sg_label_list *list, const unsigned char *bytes, const char *end,
                             size_t size, sg_error *error)
{
    const size_t length = end ? (size_t)(end - (const char *)bytes) : 0;
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i < length && i < size; i++) {
        column = bytes[i] == '\n' ? 1 : column + 1;
        line += bytes[i] == '\n' ? 1 : 0;
    }
    return sg_label_list_refuse(
        list, error, "it is not JSON at line %zu, column %zu, such as a comma too many or too few",
        line, column);
}

static sg_status read_root(sg_label_list *list, const cJSON *root, sg_error *error)
{
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(root, "labels");
    if (!cJSON_IsObject(root))
        return sg_label_list_refuse(
            list, error, "it is not a JSON object such as {\"labels\": [[\"path\", class], ...]}");
    if (!labels)
        return sg_label_list_refuse(list, error, "it has no \"labels\"");
    if (!cJSON_IsNull(labels) && !cJSON_IsArray(labels) && !cJSON_IsObject(labels))
        return sg_label_list_refuse(list, error, "its \"labels\" are neither a list nor null");
    list->is_none = cJSON_IsNull(labels) || !labels->child;
    SG_TRY(read_labels(list, labels, error));
    SG_TRY(read_names(list, cJSON_GetObjectItemCaseSensitive(root, "label_names"), error));
    return sg_label_list_finish(list) ? SG_OK : fail_memory(list, error);
}

sg_status sg_label_list_read_json(sg_label_list *list, const unsigned char *bytes, size_t size,
                                  sg_error *error)
{
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts((const char *)bytes, size, &end, false);
    const sg_status status =
        root ? read_root(list, root, error) : refuse_text(list, bytes, end, size, error);
    cJSON_Delete(root);
    return status;
}
