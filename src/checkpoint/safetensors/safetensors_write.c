/*
 * Writes safetensors files. The bytes depend on the input alone, not on time, path or machine.
 *
 * Tested by: tests/checkpoint/safetensors/test_safetensors.c
 */
#include "checkpoint/safetensors/safetensors.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/atomic_file.h"

#define LENGTH_BYTES ((size_t)8)
#define HEADER_ALIGNMENT ((size_t)8)

/* Computes an entry's bytes; checks its name and shape. */
static sg_status entry_bytes(const char *path, const sg_safetensors_entry *entry, size_t *bytes,
                             sg_error *error)
{
    size_t name_length = strlen(entry->name);
    if (name_length == 0 || name_length > SG_STORED_MAX_NAME_BYTES ||
        strcmp(entry->name, "__metadata__") == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "cannot write %s: \"%.255s\" cannot be the name of a tensor", path,
                       entry->name);
    *bytes = sg_stored_type_bytes(entry->type);
    bool fits = entry->rank >= 0 && entry->rank <= SG_STORED_MAX_RANK;
    for (int i = 0; fits && i < entry->rank; i++)
        fits = entry->size[i] >= 0 && sg_size_multiply(*bytes, (size_t)entry->size[i], bytes);
    if (!fits)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "cannot write %s: the tensor \"%s\" has a shape that is negative, too large "
                       "or of more than %d dimensions",
                       path, entry->name, SG_STORED_MAX_RANK);
    return SG_OK;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static sg_status check_names(const char *path, const sg_safetensors_entry *entries, size_t count,
                             sg_error *error)
{
    const char **names = sg_allocate(count + 1, sizeof *names);
    if (!names)
        return sg_fail_memory(error, "the header of %s", path);
    for (size_t i = 0; i < count; i++)
        names[i] = entries[i].name;
    qsort(names, count, sizeof *names, compare_texts);
    sg_status status = SG_OK;
    for (size_t i = 1; !status && i < count; i++) {
        if (strcmp(names[i - 1], names[i]) == 0)
            status = sg_fail(error, SG_ERROR_ARGUMENT,
                             "cannot write %s: two tensors have the name \"%s\"", path, names[i]);
    }
    free(names);
    return status;
}

/* Adds a short list of numbers. */
static bool add_numbers(cJSON *object, const char *key, const int64_t *values, int count)
{
    cJSON *list = cJSON_AddArrayToObject(object, key);
    for (int i = 0; list && i < count; i++)
        if (!cJSON_AddItemToArray(list, cJSON_CreateNumber((double)values[i])))
            return false;
    return list;
}

static bool add_metadata(cJSON *header, const sg_metadata *metadata, size_t count)
{
    cJSON *object = count > 0 ? cJSON_AddObjectToObject(header, "__metadata__") : NULL;
    if (count > 0 && !object)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!cJSON_AddStringToObject(object, metadata[i].key, metadata[i].value))
            return false;
    return true;
}

static sg_status add_tensors(cJSON *header, const char *path, const sg_safetensors_entry *entries,
                             size_t count, sg_error *error)
{
    size_t begin = 0;
    for (size_t i = 0; i < count; i++) {
        const sg_safetensors_entry *entry = &entries[i];
        size_t bytes = 0;
        SG_TRY(entry_bytes(path, entry, &bytes, error));
        size_t end = 0;
        if (!sg_size_add(begin, bytes, &end) || end > INT64_MAX)
            return sg_fail(error, SG_ERROR_ARGUMENT, "cannot write %s: it would be too large",
                           path);
        int64_t offsets[] = {(int64_t)begin, (int64_t)end};
        cJSON *object = cJSON_AddObjectToObject(header, entry->name);
        if (!object ||
            !cJSON_AddStringToObject(object, "dtype", sg_stored_type_name(entry->type)) ||
            !add_numbers(object, "shape", entry->size, entry->rank) ||
            !add_numbers(object, "data_offsets", offsets, 2))
            return sg_fail_memory(error, "the header of %s", path);
        begin = end;
    }
    return SG_OK;
}

/* Makes the header as text on the heap. */
static sg_status build_header(const char *path, const sg_safetensors_entry *entries, size_t count,
                              const sg_metadata *metadata, size_t metadata_count, char **text,
                              sg_error *error)
{
    cJSON *header = cJSON_CreateObject();
    if (!header || !add_metadata(header, metadata, metadata_count)) {
        cJSON_Delete(header);
        return sg_fail_memory(error, "the header of %s", path);
    }
    sg_status status = add_tensors(header, path, entries, count, error);
    if (!status) {
        *text = cJSON_PrintUnformatted(header);
        status = *text ? SG_OK : sg_fail_memory(error, "the header of %s", path);
    }
    cJSON_Delete(header);
    return status;
}

static bool write_header(FILE *stream, const char *text)
{
    size_t length = strlen(text);
    size_t padding = (HEADER_ALIGNMENT - length % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
    unsigned char bytes[LENGTH_BYTES];
    for (size_t i = 0; i < LENGTH_BYTES; i++)
        bytes[i] = (unsigned char)((uint64_t)(length + padding) >> 8 * i);
    return fwrite(bytes, 1, sizeof bytes, stream) == sizeof bytes &&
           fwrite(text, 1, length, stream) == length &&
           fwrite("        ", 1, padding, stream) == padding;
}

static sg_status write_content(sg_atomic_file *file, const char *path, const char *header,
                               const sg_safetensors_entry *entries, size_t count, sg_error *error)
{
    FILE *stream = sg_atomic_stream(file);
    errno = 0;
    bool written = write_header(stream, header);
    for (size_t i = 0; written && i < count; i++) {
        size_t bytes = 0;
        SG_TRY(entry_bytes(path, &entries[i], &bytes, error));
        written = bytes == 0 || fwrite(entries[i].values, 1, bytes, stream) == bytes;
    }
    if (!written)
        return sg_fail(error, SG_ERROR_FILE, "cannot write %s: %s", path, strerror(errno));
    return SG_OK;
}

sg_status sg_safetensors_write(const char *path, const sg_safetensors_entry *entries, size_t count,
                               const sg_metadata *metadata, size_t metadata_count, sg_error *error)
{
    char *header = NULL;
    sg_atomic_file *file = NULL;
    SG_TRY(check_names(path, entries, count, error));
    SG_TRY(build_header(path, entries, count, metadata, metadata_count, &header, error));
    sg_status status = sg_atomic_open(path, &file, error);
    if (!status)
        status = write_content(file, path, header, entries, count, error);
    if (!status)
        status = sg_atomic_commit(file, error);
    else
        sg_atomic_abandon(file);
    cJSON_free(header);
    return status;
}
