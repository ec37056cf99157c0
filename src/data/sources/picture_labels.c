/*
 * Labels from dataset.json, from CSV (RFC 4180, two columns) and from sub-folders. Pictures are
 * sorted by name, so that a label's picture is found by bisection.
 * Tested by: tests/data/kinds/test_folder_dataset.c
 */
#include "data/sources/picture_labels.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/allocate.h"
#include "base/text.h"

static bool is_csv(const char *name)
{
    return !strchr(name, '/') && sg_has_suffix(name, ".csv");
}

sg_status sg_find_label_file(const char *path, const sg_file_list *list, size_t *index,
                             sg_error *error)
{
    size_t csv_count = 0;
    size_t named = list->count;
    size_t csv = list->count;
    *index = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->files[i].name;
        if (strcmp(name, "dataset.json") == 0) {
            *index = i;
            return SG_OK;
        }
        if (is_csv(name)) {
            named = strcmp(name, "labels.csv") == 0 ? i : named;
            csv = i;
            csv_count++;
        }
    }
    *index = named < list->count ? named : csv;
    if (csv_count > 1 && named == list->count)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: holds %zu .csv files, expected the one with the labels to be called "
                       "labels.csv",
                       path, csv_count);
    return SG_OK;
}

static int compare_with_name(const void *name, const void *picture)
{
    return strcmp(name, ((const sg_picture *)picture)->name);
}

/* Sets the label of the picture with that name, or counts the name as unmatched. */
static sg_status assign(sg_picture_source *source, const char *name, int label, sg_error *error)
{
    sg_picture *picture =
        bsearch(name, source->pictures, source->count, sizeof *picture, compare_with_name);
    if (picture) {
        picture->label = label;
        if ((size_t)label >= source->label_count)
            source->label_count = (size_t)label + 1;
        return SG_OK;
    }
    if (source->unmatched_count++ == 0) {
        source->first_unmatched = sg_duplicate_text(name);
        if (!source->first_unmatched)
            return sg_fail_memory(error, "%s/%s", source->path, source->label_file);
    }
    return SG_OK;
}

/* ---- dataset.json ---- */

static sg_status fail_entry(const sg_picture_source *source, const cJSON *entry, sg_error *error)
{
    char *found = cJSON_PrintUnformatted(entry);
    sg_fail(error, SG_ERROR_FORMAT,
            "%s/%s: a label is %.200s, expected [\"path\", class] with a whole class number from 0 "
            "to %d",
            source->path, source->label_file, found ? found : "unreadable", SG_LARGEST_LABEL);
    cJSON_free(found);
    return SG_ERROR_FORMAT;
}

static sg_status assign_entry(sg_picture_source *source, const cJSON *entry, sg_error *error)
{
    if (cJSON_IsNull(entry))
        return SG_OK;
    const cJSON *name = cJSON_IsArray(entry) ? entry->child : NULL;
    const cJSON *label = name ? name->next : NULL;
    if (!label || label->next || !cJSON_IsString(name))
        return fail_entry(source, entry, error);
    if (cJSON_IsNull(label))
        return SG_OK;
    const double value = cJSON_IsNumber(label) ? label->valuedouble : -1;
    if (!(value >= 0 && value <= SG_LARGEST_LABEL) || value != (double)(int)value)
        return fail_entry(source, entry, error);
    return assign(source, name->valuestring, (int)value, error);
}

static sg_status label_from_json(sg_picture_source *source, const unsigned char *bytes, size_t size,
                                 sg_error *error)
{
    cJSON *root = cJSON_ParseWithLength((const char *)bytes, size);
    sg_status status = SG_OK;
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(root, "labels");
    if (!cJSON_IsObject(root)) {
        status =
            sg_fail(error, SG_ERROR_FORMAT,
                    "%s/%s: not a JSON object, expected {\"labels\": [[\"path\", class], ...]}",
                    source->path, source->label_file);
    } else if (labels && !cJSON_IsNull(labels) && !cJSON_IsArray(labels)) {
        status =
            sg_fail(error, SG_ERROR_FORMAT, "%s/%s: its \"labels\" are neither a list nor null",
                    source->path, source->label_file);
    } else if (cJSON_IsArray(labels)) {
        const cJSON *entry = NULL;
        cJSON_ArrayForEach(entry, labels)
        {
            status = !status ? assign_entry(source, entry, error) : status;
        }
    }
    cJSON_Delete(root);
    return status;
}

/* ---- CSV ---- */

/* A CSV file being read. */
typedef struct csv_reading {
    const char *at;
    const char *end;
    size_t line; /* from 1 */
} csv_reading;

/* Appends the next field to `field`, without its quotes; csv->at stops at the byte after it. */
static void read_field(csv_reading *csv, sg_text *field)
{
    const bool quoted = csv->at < csv->end && *csv->at == '"';
    csv->at += quoted ? 1 : 0;
    for (; csv->at < csv->end; csv->at++) {
        const char byte = *csv->at;
        if (quoted && byte == '"') {
            const bool doubled = csv->at + 1 < csv->end && csv->at[1] == '"';
            if (!doubled) {
                csv->at++;
                break;
            }
            csv->at++;
        } else if (!quoted && (byte == ',' || byte == '\n' || byte == '\r')) {
            break;
        }
        csv->line += byte == '\n' ? 1 : 0;
        sg_text_append_bytes(field, csv->at, 1);
    }
}

/* Skips a line's end; false when there is something else. */
static bool end_line(csv_reading *csv)
{
    if (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end && *csv->at != '\n')
        return false;
    csv->at += csv->at < csv->end ? 1 : 0;
    csv->line++;
    return true;
}

/* Returns the class number in a field, or -1. */
static int parse_label(const sg_text *field)
{
    char *end = NULL;
    if (!field->bytes || !isdigit((unsigned char)field->bytes[0]))
        return -1;
    const long value = strtol(field->bytes, &end, 10);
    return *end == '\0' && value <= SG_LARGEST_LABEL ? (int)value : -1;
}

/* Reads a line that is not empty; line 1 may be a heading. */
static sg_status read_line(sg_picture_source *source, csv_reading *csv, sg_text *name,
                           sg_text *label, sg_error *error)
{
    const size_t line = csv->line;
    read_field(csv, name);
    const bool two = csv->at < csv->end && *csv->at == ',';
    if (two) {
        csv->at++;
        read_field(csv, label);
    }
    if (name->failed || label->failed)
        return sg_fail_memory(error, "%s/%s", source->path, source->label_file);
    const int value = parse_label(label);
    const bool heading = line == 1 && two && value < 0;
    if (!two || !name->bytes || !end_line(csv) || (value < 0 && !heading))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s/%s: line %zu is \"%.100s%s%.100s\", expected path,class with a whole "
                       "class number from 0 to %d",
                       source->path, source->label_file, line, name->bytes ? name->bytes : "",
                       two ? "," : "", label->bytes ? label->bytes : "", SG_LARGEST_LABEL);
    return heading ? SG_OK : assign(source, name->bytes, value, error);
}

static sg_status label_from_csv(sg_picture_source *source, const unsigned char *bytes, size_t size,
                                sg_error *error)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    csv_reading csv = {.at = (const char *)bytes, .end = (const char *)bytes + size, .line = 1};
    sg_status status = SG_OK;
    if (size >= 3 && memcmp(bytes, byte_order_mark, 3) == 0)
        csv.at += 3;
    while (!status && csv.at < csv.end) {
        if (*csv.at == '\n' || *csv.at == '\r') {
            csv.line += *csv.at++ == '\n' ? 1 : 0;
            continue;
        }
        sg_text name = {0};
        sg_text label = {0};
        status = read_line(source, &csv, &name, &label, error);
        sg_text_clear(&name);
        sg_text_clear(&label);
    }
    return status;
}

sg_status sg_label_from_file(sg_picture_source *source, const unsigned char *bytes, size_t size,
                             sg_error *error)
{
    return is_csv(source->label_file) ? label_from_csv(source, bytes, size, error)
                                      : label_from_json(source, bytes, size, error);
}

/* ---- folders ---- */

/* Returns the length of the outermost folder's name, 0 without a folder. */
static size_t folder_length(const char *name)
{
    const char *slash = strchr(name, '/');
    return slash ? (size_t)(slash - name) : 0;
}

static bool are_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return true;
}

/* True for names such as 00012/img00012345.png, whose folder only splits a long list. */
static bool is_numbered(const char *name)
{
    return are_digits(name, 5) && strncmp(name + 5, "/img", 4) == 0 && are_digits(name + 9, 8) &&
           name[17] == '.' && strncmp(name, name + 9, 5) == 0;
}

/* True if both names begin with the same folder. */
static bool share_folder(const char *left, const char *right)
{
    return strncmp(left, right, folder_length(left) + 1) == 0;
}

/* True if the outermost folders are classes. */
static bool tell_classes(const sg_picture_source *source)
{
    bool numbered = true;
    for (size_t i = 0; i < source->count; i++) {
        if (folder_length(source->pictures[i].name) == 0)
            return false;
        numbered = numbered && is_numbered(source->pictures[i].name);
    }
    return !numbered &&
           !share_folder(source->pictures[0].name, source->pictures[source->count - 1].name);
}

/* Orders names by their outermost folders alone: "cat/9" before "cat 2/1". */
static int compare_folders(const void *left, const void *right)
{
    const char *a = *(const char *const *)left;
    const char *b = *(const char *const *)right;
    const size_t a_length = folder_length(a);
    const size_t b_length = folder_length(b);
    const int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

sg_status sg_label_from_folders(sg_picture_source *source, sg_error *error)
{
    if (!tell_classes(source))
        return SG_OK;
    const char **folders = sg_allocate(source->count, sizeof *folders);
    if (!folders)
        return sg_fail_memory(error, "the labels of %s", source->path);
    size_t count = 0;
    for (size_t i = 0; i < source->count; i++) {
        const char *name = source->pictures[i].name;
        if (count == 0 || !share_folder(name, folders[count - 1]))
            folders[count++] = name;
    }
    qsort(folders, count, sizeof *folders, compare_folders);
    for (size_t i = 0; i < source->count && count <= SG_LARGEST_LABEL; i++) {
        const char *name = source->pictures[i].name;
        const char **found = bsearch(&name, folders, count, sizeof *folders, compare_folders);
        source->pictures[i].label = (int)(found - folders);
        source->label_count = count;
    }
    free(folders);
    return SG_OK;
}
