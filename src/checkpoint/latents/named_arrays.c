/* Arrays by name; see named_arrays.h. */
#include "checkpoint/latents/named_arrays.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/allocate.h"
#include "base/files/file_kind.h"
#include "base/files/zip_archive.h"
#include "base/text.h"
#include "checkpoint/document.h"
#include "checkpoint/safetensors/safetensors.h"

enum {
    MOST_ARRAYS = 1 << 12,
    HARMLESS_VALUES = 1 << 16, /* that any file may give; others as many as it has bytes */
};

/* An array, and where it is. */
typedef struct place {
    char *name;
    const sg_value *value; /* in a document; NULL: elsewhere */
} place;

struct sg_named_arrays {
    const char *path;
    sg_safetensors *safetensors; /* NULL: another container */
    sg_document *document;       /* NULL: another container */
    sg_numpy_array single;       /* of an .npy file; no values: another container */
    size_t budget; /* values of an array of a document, whose elements may be shared */
    place *places;
    size_t count, capacity;
};

static sg_status add(sg_named_arrays *arrays, const char *name, size_t length,
                     const sg_value *value, sg_error *error)
{
    if (arrays->count == MOST_ARRAYS)
        return sg_fail(error, SG_ERROR_FORMAT, "%s holds more than the %d arrays that are read",
                       arrays->path, MOST_ARRAYS);
    char *copy = sg_allocate(length + 1, 1);
    if (!copy ||
        !sg_grow(&arrays->places, &arrays->capacity, arrays->count, sizeof *arrays->places)) {
        free(copy);
        return sg_fail_memory(error, "the names in %s", arrays->path);
    }
    memcpy(copy, name, length);
    arrays->places[arrays->count++] = (place){copy, value};
    return SG_OK;
}

/* ---- containers ---- */

/* A tensor, or those of a dict; what else a dict holds, such as a loss, is left out. */
static sg_status list_document(sg_named_arrays *arrays, sg_error *error)
{
    char text[200];
    sg_value_array layout;
    const sg_value *root = sg_document_root(arrays->document);
    if (sg_value_array_of(root, &layout))
        return add(arrays, "", 0, root, error);
    for (size_t i = 0; i < sg_value_count(root); i++) {
        const sg_value *item = sg_value_item(root, i);
        const char *key = sg_value_text(sg_value_key(root, i));
        if (key && sg_value_array_of(item, &layout) && layout.rank > 0)
            SG_TRY(add(arrays, key, strlen(key), item, error));
    }
    return arrays->count > 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_FORMAT,
                         "%s holds no arrays: it is %s; a tensor or a dict of tensors is expected",
                         arrays->path, sg_value_describe(root, text));
}

static sg_status open_document(sg_named_arrays *arrays, sg_error *error)
{
    SG_TRY(sg_document_open(arrays->path, &arrays->document, error));
    return list_document(arrays, error);
}

/* An .npy file; one of Python's objects is a pickle, of a dict of arrays as a rule. */
static sg_status open_single(sg_named_arrays *arrays, sg_error *error)
{
    const sg_numpy_choice choice = {NULL, 0, true};
    SG_TRY(sg_numpy_read(arrays->path, &choice, &arrays->single, error));
    if (!arrays->single.pickle)
        return add(arrays, "", 0, NULL, error);
    SG_TRY(sg_document_open_bytes(arrays->single.pickle, arrays->single.pickle_bytes, arrays->path,
                                  &arrays->document, error));
    return list_document(arrays, error);
}

static sg_status open_archive(sg_named_arrays *arrays, sg_error *error)
{
    sg_zip_archive *archive = NULL;
    SG_TRY(sg_zip_open(arrays->path, &archive, error));
    sg_status status = SG_OK;
    for (size_t i = 0; !status && i < sg_zip_count(archive); i++) {
        const char *name = sg_zip_name(archive, i);
        if (name && sg_has_suffix(name, ".npy"))
            status = add(arrays, name, strlen(name) - 4, NULL, error);
    }
    sg_zip_close(archive);
    return status;
}

static sg_status open_safetensors(sg_named_arrays *arrays, sg_error *error)
{
    SG_TRY(sg_safetensors_open(arrays->path, &arrays->safetensors, error));
    for (size_t i = 0; i < sg_safetensors_count(arrays->safetensors); i++) {
        const char *name = sg_safetensors_at(arrays->safetensors, i)->name;
        SG_TRY(add(arrays, name, strlen(name), NULL, error));
    }
    return SG_OK;
}

static sg_status open_kind(sg_named_arrays *arrays, sg_error *error)
{
    switch (sg_file_form_at(arrays->path)) {
    case SG_FORM_NUMPY:
        return open_single(arrays, error);
    case SG_FORM_ZIP:
        return sg_numpy_is_archive(arrays->path) ? open_archive(arrays, error)
                                                 : open_document(arrays, error);
    case SG_FORM_PICKLE:
        return open_document(arrays, error);
    case SG_FORM_SAFETENSORS:
        return open_safetensors(arrays, error);
    default:
        return sg_file_fail_kind(arrays->path, "file of directions", error);
    }
}

sg_status sg_named_arrays_open(const char *path, sg_named_arrays **arrays, sg_error *error)
{
    struct stat information;
    sg_error reason = {0};
    *arrays = sg_allocate(1, sizeof **arrays);
    if (!*arrays)
        return sg_fail_memory(error, "the arrays in %s", path);
    (*arrays)->path = path;
    (*arrays)->budget = HARMLESS_VALUES;
    if (stat(path, &information) == 0)
        (*arrays)->budget += (size_t)information.st_size;
    if (!open_kind(*arrays, &reason))
        return SG_OK;
    sg_named_arrays_close(*arrays);
    *arrays = NULL;
    return sg_file_fail_reading(path, &reason, error);
}

void sg_named_arrays_close(sg_named_arrays *arrays)
{
    if (!arrays)
        return;
    for (size_t i = 0; i < arrays->count; i++)
        free(arrays->places[i].name);
    free(arrays->places);
    sg_safetensors_close(arrays->safetensors);
    sg_document_close(arrays->document);
    sg_numpy_array_clear(&arrays->single);
    free(arrays);
}

/* ---- arrays ---- */

size_t sg_named_arrays_count(const sg_named_arrays *arrays)
{
    return arrays->count;
}

const char *sg_named_arrays_name(const sg_named_arrays *arrays, size_t index)
{
    return arrays->places[index].name;
}

bool sg_named_arrays_find(const sg_named_arrays *arrays, const char *name, size_t *index)
{
    for (size_t i = 0; i < arrays->count; i++)
        if (strcmp(arrays->places[i].name, name) == 0) {
            *index = i;
            return true;
        }
    return false;
}

/* Makes room for the values of an array whose shape and count are set. */
static sg_status make_room(const sg_named_arrays *arrays, sg_numpy_array *array, sg_error *error)
{
    if (array->count > SG_NUMPY_LARGEST_FILE / sizeof *array->values)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: an array of %zu values is larger than any that is read", arrays->path,
                       array->count);
    array->values = sg_allocate(array->count + 1, sizeof *array->values);
    return array->values ? SG_OK : sg_fail_memory(error, "an array in %s", arrays->path);
}

static sg_status read_value(const sg_named_arrays *arrays, const sg_value *value,
                            sg_numpy_array *array, sg_error *error)
{
    sg_value_array layout;
    if (!sg_value_array_of(value, &layout) || layout.count > arrays->budget)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: an array has more values than the file has room for", arrays->path);
    array->rank = layout.rank;
    array->count = layout.count;
    memcpy(array->size, layout.size, sizeof array->size);
    SG_TRY(make_room(arrays, array, error));
    return sg_value_read_floats(value, array->values)
               ? SG_OK
               : sg_fail(error, SG_ERROR_FORMAT,
                         "%s: an array holds floats of 8 bits, which are not read", arrays->path);
}

static sg_status read_stored(sg_named_arrays *arrays, size_t index, sg_numpy_array *array,
                             sg_error *error)
{
    const sg_stored_tensor *tensor = sg_safetensors_at(arrays->safetensors, index);
    array->rank = tensor->rank;
    array->count = tensor->count;
    memcpy(array->size, tensor->size, sizeof array->size);
    SG_TRY(make_room(arrays, array, error));
    return sg_safetensors_read_floats(arrays->safetensors, tensor, array->values, error);
}

/* Copies the array of an .npy file. */
static sg_status copy_single(const sg_named_arrays *arrays, sg_numpy_array *array, sg_error *error)
{
    *array = arrays->single;
    array->values = NULL;
    SG_TRY(make_room(arrays, array, error));
    memcpy(array->values, arrays->single.values, array->count * sizeof *array->values);
    return SG_OK;
}

sg_status sg_named_arrays_read(sg_named_arrays *arrays, size_t index, sg_numpy_array *array,
                               sg_error *error)
{
    const char *name = arrays->places[index].name;
    const sg_numpy_choice choice = {&name, 1, false};
    sg_status status;
    *array = (sg_numpy_array){0};
    if (arrays->places[index].value)
        status = read_value(arrays, arrays->places[index].value, array, error);
    else if (arrays->safetensors)
        status = read_stored(arrays, index, array, error);
    else if (arrays->single.values)
        status = copy_single(arrays, array, error);
    else
        status = sg_numpy_read(arrays->path, &choice, array, error);
    if (!status && array->count == 0)
        status = sg_fail(error, SG_ERROR_FORMAT, "%s: the array \"%.100s\" is empty", arrays->path,
                         name);
    if (status)
        sg_numpy_array_clear(array);
    return status;
}

/* ---- texts ---- */

static sg_status copy_json(const sg_named_arrays *arrays, const char *name, const cJSON *list,
                           char ***texts, size_t *count, sg_error *error)
{
    const cJSON *item = NULL;
    const size_t items = cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0;
    *texts = sg_allocate(items + 1, sizeof **texts);
    if (!*texts)
        return sg_fail_memory(error, "the texts in %s", arrays->path);
    if (!cJSON_IsArray(list))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: \"%s\" among the metadata is not a list of texts in JSON", arrays->path,
                       name);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            return sg_fail(error, SG_ERROR_FORMAT, "%s: item %zu of \"%s\" is no text",
                           arrays->path, *count, name);
        (*texts)[*count] = sg_duplicate_text(item->valuestring);
        if (!(*texts)[*count])
            return sg_fail_memory(error, "the texts in %s", arrays->path);
        ++*count;
    }
    return SG_OK;
}

sg_status sg_named_arrays_texts(const sg_named_arrays *arrays, const char *name, char ***texts,
                                size_t *count, sg_error *error)
{
    sg_status status = SG_OK;
    *texts = NULL;
    *count = 0;
    if (arrays->safetensors) {
        const char *json = sg_safetensors_metadata(arrays->safetensors, name);
        cJSON *list = json ? cJSON_Parse(json) : NULL;
        if (json)
            status = copy_json(arrays, name, list, texts, count, error);
        cJSON_Delete(list);
    } else if (!arrays->document && !arrays->single.values) {
        status = sg_numpy_read_texts(arrays->path, name, texts, count, error);
    }
    if (status) {
        sg_numpy_texts_free(*texts, *count);
        *texts = NULL;
        *count = 0;
    }
    return status;
}
