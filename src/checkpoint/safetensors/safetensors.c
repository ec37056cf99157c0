/*
 * Reads safetensors files. The whole header is checked before any of it is used. The tensors must
 * lie one after the other and fill the data exactly, as the format's own reader demands, so that no
 * two of them share bytes and none reaches beyond the file.
 */
#include "checkpoint/safetensors/safetensors.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/input_file.h"
#include "checkpoint/values/stored_type.h"

#define LENGTH_BYTES ((size_t)8)
#define SMALLEST_HEADER ((size_t)2)
/* Whole numbers up to here are exact in the doubles that JSON numbers come as. */
#define LARGEST_EXACT 9007199254740992.0

/* Values of a header: 16 for each tensor, which are more than one has. */
enum { MOST_VALUES = 16 * SG_STORED_MAX_TENSORS };

struct sg_safetensors {
    char *path;
    FILE *stream;
    size_t file_bytes;
    size_t data_start;
    sg_stored_tensor *tensors;
    size_t count;
    const sg_stored_tensor **by_name; /* sorted, for lookups */
    char **metadata;                  /* key, value, key, value ... */
    size_t metadata_count;            /* pairs */
};

/* ---- parts of the header ---- */

static sg_status fail_tensor(const sg_safetensors *file, const char *name, const char *what,
                             sg_error *error)
{
    return sg_fail(error, SG_ERROR_FORMAT, "%s: the tensor \"%.255s\" %s", file->path, name, what);
}

/* Reads a whole number from 0 that a double holds exactly. */
static bool read_whole(const cJSON *item, size_t *value)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0.0) || item->valuedouble > LARGEST_EXACT ||
        item->valuedouble != floor(item->valuedouble))
        return false;
    *value = (size_t)item->valuedouble;
    return true;
}

/* True if the name fits and has no control characters, which sentences would show a terminal. */
static bool is_plain_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > SG_STORED_MAX_NAME_BYTES)
        return false;
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
    return true;
}

static sg_status read_shape(const sg_safetensors *file, const cJSON *shape,
                            sg_stored_tensor *tensor, sg_error *error)
{
    if (!cJSON_IsArray(shape))
        return fail_tensor(file, tensor->name, "has no shape", error);
    for (int i = 0; i < SG_STORED_MAX_RANK; i++)
        tensor->size[i] = 1;
    tensor->count = 1;
    const cJSON *item;
    cJSON_ArrayForEach(item, shape)
    {
        size_t size = 0;
        if (!read_whole(item, &size))
            return fail_tensor(file, tensor->name, "has a shape that is not of whole numbers",
                               error);
        if (tensor->rank == SG_STORED_MAX_RANK)
            return fail_tensor(file, tensor->name, "has more than 8 dimensions", error);
        tensor->size[tensor->rank++] = (int64_t)size;
        if (!sg_size_multiply(tensor->count, size, &tensor->count))
            return fail_tensor(file, tensor->name, "has a shape too large for any memory", error);
    }
    if (!sg_size_multiply(tensor->count, sg_stored_type_bytes(tensor->type), &tensor->bytes))
        return fail_tensor(file, tensor->name, "has a shape too large for any memory", error);
    return SG_OK;
}

static sg_status read_offsets(const sg_safetensors *file, const cJSON *offsets,
                              sg_stored_tensor *tensor, sg_error *error)
{
    size_t begin = 0;
    size_t end = 0;
    if (!cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 ||
        !read_whole(offsets->child, &begin) || !read_whole(offsets->child->next, &end))
        return fail_tensor(file, tensor->name, "has data_offsets that are not two whole numbers",
                           error);
    if (begin > end)
        return fail_tensor(file, tensor->name, "has data_offsets that end before they begin",
                           error);
    if (end > file->file_bytes - file->data_start)
        return fail_tensor(file, tensor->name, "reaches beyond the end of the file", error);
    if (end - begin != tensor->bytes) {
        char shape[200];
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the tensor \"%s\" of type %s and shape %s needs %zu bytes, but its "
                       "data_offsets span %zu",
                       file->path, tensor->name, sg_stored_type_name(tensor->type),
                       sg_stored_shape_print(tensor, shape), tensor->bytes, end - begin);
    }
    tensor->offset = file->data_start + begin;
    return SG_OK;
}

static sg_status read_type(const sg_safetensors *file, const cJSON *type, sg_stored_tensor *tensor,
                           sg_error *error)
{
    if (!cJSON_IsString(type))
        return fail_tensor(file, tensor->name, "has no dtype", error);
    if (!sg_stored_type_from_name(type->valuestring, &tensor->type))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the tensor \"%s\" has the dtype \"%.40s\", which this program does not "
                       "know",
                       file->path, tensor->name, type->valuestring);
    return SG_OK;
}

/* Finds the value of `key`, NULL if it is absent; sets *twice if it occurs more than once. */
static const cJSON *find_once(const cJSON *object, const char *key, bool *twice)
{
    const cJSON *found = NULL;
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        if (strcmp(item->string, key) == 0) {
            *twice = *twice || found;
            found = item;
        }
    }
    return found;
}

static sg_status read_tensor(const sg_safetensors *file, const cJSON *item,
                             sg_stored_tensor *tensor, sg_error *error)
{
    if (!is_plain_name(item->string))
        return sg_fail(
            error, SG_ERROR_FORMAT,
            "%s has a tensor whose name is empty, longer than %d bytes or not plain text",
            file->path, SG_STORED_MAX_NAME_BYTES);
    if (!cJSON_IsObject(item))
        return fail_tensor(file, item->string, "is not described by an object", error);
    tensor->name = sg_duplicate_text(item->string);
    if (!tensor->name)
        return sg_fail_memory(error, "the header of %s", file->path);
    bool twice = false;
    const cJSON *type = find_once(item, "dtype", &twice);
    const cJSON *shape = find_once(item, "shape", &twice);
    const cJSON *offsets = find_once(item, "data_offsets", &twice);
    if (twice)
        return fail_tensor(file, tensor->name, "is described twice", error);
    SG_TRY(read_type(file, type, tensor, error));
    SG_TRY(read_shape(file, shape, tensor, error));
    return read_offsets(file, offsets, tensor, error);
}

static sg_status read_metadata(sg_safetensors *file, const cJSON *object, sg_error *error)
{
    if (!cJSON_IsObject(object) || file->metadata)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: __metadata__ must be one object of texts",
                       file->path);
    size_t count = (size_t)cJSON_GetArraySize(object);
    if (count > SG_STORED_MAX_METADATA)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has more than %d metadata texts", file->path,
                       SG_STORED_MAX_METADATA);
    file->metadata = sg_allocate(count + 1, 2 * sizeof(char *));
    if (!file->metadata)
        return sg_fail_memory(error, "the header of %s", file->path);
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        if (!cJSON_IsString(item))
            return sg_fail(error, SG_ERROR_FORMAT, "%s: the metadata \"%.100s\" is not a text",
                           file->path, item->string);
        if (sg_safetensors_metadata(file, item->string))
            return sg_fail(error, SG_ERROR_FORMAT, "%s has the metadata \"%.100s\" twice",
                           file->path, item->string);
        char **pair = file->metadata + 2 * file->metadata_count++;
        pair[0] = sg_duplicate_text(item->string);
        pair[1] = sg_duplicate_text(item->valuestring);
        if (!pair[0] || !pair[1])
            return sg_fail_memory(error, "the header of %s", file->path);
    }
    return SG_OK;
}

/* ---- the header as a whole ---- */

static int compare_names(const void *a, const void *b)
{
    const sg_stored_tensor *const *first = a;
    const sg_stored_tensor *const *second = b;
    return strcmp((*first)->name, (*second)->name);
}

static int compare_offsets(const void *a, const void *b)
{
    const sg_stored_tensor *const *first = a;
    const sg_stored_tensor *const *second = b;
    if ((*first)->offset != (*second)->offset)
        return (*first)->offset < (*second)->offset ? -1 : 1;
    return ((*first)->bytes > (*second)->bytes) - ((*first)->bytes < (*second)->bytes);
}

/* Checks that the tensors, sorted by offset, fill the data from its start to its end. */
static sg_status check_offsets(sg_safetensors *file, sg_error *error)
{
    qsort(file->by_name, file->count, sizeof *file->by_name, compare_offsets);
    size_t end = file->data_start;
    for (size_t i = 0; i < file->count; i++) {
        const sg_stored_tensor *tensor = file->by_name[i];
        if (tensor->offset < end)
            return fail_tensor(file, tensor->name, "overlaps another tensor", error);
        if (tensor->offset > end)
            return fail_tensor(file, tensor->name, "has unused bytes before it", error);
        end += tensor->bytes;
    }
    if (end != file->file_bytes)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has %zu bytes after its last tensor", file->path,
                       file->file_bytes - end);
    return SG_OK;
}

static sg_status index_tensors(sg_safetensors *file, sg_error *error)
{
    file->by_name = sg_allocate(file->count + 1, sizeof *file->by_name);
    if (!file->by_name)
        return sg_fail_memory(error, "the header of %s", file->path);
    for (size_t i = 0; i < file->count; i++)
        file->by_name[i] = &file->tensors[i];
    SG_TRY(check_offsets(file, error));
    qsort(file->by_name, file->count, sizeof *file->by_name, compare_names);
    for (size_t i = 1; i < file->count; i++)
        if (strcmp(file->by_name[i - 1]->name, file->by_name[i]->name) == 0)
            return fail_tensor(file, file->by_name[i]->name, "occurs twice", error);
    return SG_OK;
}

static sg_status read_entries(sg_safetensors *file, const cJSON *header, sg_error *error)
{
    if (!cJSON_IsObject(header))
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the header is not a JSON object", file->path);
    size_t count = (size_t)cJSON_GetArraySize(header);
    if (count > SG_STORED_MAX_TENSORS)
        return sg_fail(error, SG_ERROR_FORMAT, "%s has more than %d tensors", file->path,
                       SG_STORED_MAX_TENSORS);
    file->tensors = sg_allocate(count + 1, sizeof *file->tensors);
    if (!file->tensors)
        return sg_fail_memory(error, "the header of %s", file->path);
    const cJSON *item;
    cJSON_ArrayForEach(item, header)
    {
        SG_TRY(strcmp(item->string, "__metadata__") == 0
                   ? read_metadata(file, item, error)
                   : read_tensor(file, item, &file->tensors[file->count++], error));
    }
    return index_tensors(file, error);
}

/* True if only white space, the padding of headers, follows the JSON. */
static bool only_spaces(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n", *at) && *at != '\0')
        at++;
    return at == end;
}

/* Counts the values of a JSON text, whose tree takes about 80 bytes for each, without making it. */
static size_t count_values(const char *text, size_t length)
{
    size_t count = 1;
    bool in_string = false;
    for (size_t i = 0; i < length; i++)
        if (in_string && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            in_string = !in_string;
        else
            count += !in_string && (text[i] == ',' || text[i] == '[' || text[i] == '{');
    return count;
}

static sg_status parse_header(sg_safetensors *file, const char *text, size_t length,
                              sg_error *error)
{
    const char *end = NULL;
    if (count_values(text, length) > MOST_VALUES)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is not a safetensors file: its header has more than %d values",
                       file->path, MOST_VALUES);
    cJSON *header = text[0] == '{' ? cJSON_ParseWithLengthOpts(text, length, &end, false) : NULL;
    if (!header || !only_spaces(end, text + length)) {
        cJSON_Delete(header);
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is not a safetensors file: its header is not JSON", file->path);
    }
    sg_status status = read_entries(file, header, error);
    cJSON_Delete(header);
    return status;
}

/* ---- the file ---- */

/* Reads exactly `count` bytes: a short file is a format error, any other failure the system's. */
static sg_status read_exactly(sg_safetensors *file, void *bytes, size_t count, sg_error *error)
{
    errno = 0;
    if (fread(bytes, 1, count, file->stream) == count)
        return SG_OK;
    if (ferror(file->stream) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", file->path, strerror(errno));
    return sg_fail(error, SG_ERROR_FORMAT, "%s ends too early", file->path);
}

/* Measures the file by seeking, which also works for streams in memory. */
static sg_status measure_file(sg_safetensors *file, sg_error *error)
{
    off_t end = fseeko(file->stream, 0, SEEK_END) == 0 ? ftello(file->stream) : -1;
    if (end < 0 || fseeko(file->stream, 0, SEEK_SET) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", file->path, strerror(errno));
    file->file_bytes = (size_t)end;
    return SG_OK;
}

/* Reads the header's length and checks it against the file's. */
static sg_status read_header_length(sg_safetensors *file, size_t *length, sg_error *error)
{
    SG_TRY(measure_file(file, error));
    if (file->file_bytes < LENGTH_BYTES + SMALLEST_HEADER)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is not a safetensors file: it has only %zu bytes", file->path,
                       file->file_bytes);
    unsigned char bytes[LENGTH_BYTES];
    SG_TRY(read_exactly(file, bytes, sizeof bytes, error));
    uint64_t value = 0;
    for (size_t i = 0; i < LENGTH_BYTES; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    if (value < SMALLEST_HEADER || value > SG_SAFETENSORS_LARGEST_HEADER ||
        value > file->file_bytes - LENGTH_BYTES)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s is not a safetensors file, or was cut off: it promises a header of "
                       "%" PRIu64 " bytes and has %zu bytes in all",
                       file->path, value, file->file_bytes);
    *length = (size_t)value;
    file->data_start = LENGTH_BYTES + *length;
    return SG_OK;
}

static sg_status read_header(sg_safetensors *file, sg_error *error)
{
    size_t length = 0;
    SG_TRY(read_header_length(file, &length, error));
    char *text = sg_allocate(length + 1, 1);
    if (!text)
        return sg_fail_memory(error, "the header of %s", file->path);
    sg_status status = read_exactly(file, text, length, error);
    if (!status)
        status = parse_header(file, text, length, error);
    free(text);
    return status;
}

sg_status sg_safetensors_open_stream(FILE *stream, const char *path, sg_safetensors **file,
                                     sg_error *error)
{
    *file = NULL;
    sg_safetensors *opened = sg_allocate(1, sizeof *opened);
    char *copy = sg_duplicate_text(path);
    if (!opened || !copy) {
        fclose(stream);
        free(opened);
        free(copy);
        return sg_fail_memory(error, "%s", path);
    }
    opened->path = copy;
    opened->stream = stream;
    const sg_status status = read_header(opened, error);
    if (status)
        sg_safetensors_close(opened);
    else
        *file = opened;
    return status;
}

sg_status sg_safetensors_open(const char *path, sg_safetensors **file, sg_error *error)
{
    *file = NULL;
    FILE *stream = NULL;
    SG_TRY(sg_input_stream(path, &stream, error));
    return sg_safetensors_open_stream(stream, path, file, error);
}

void sg_safetensors_close(sg_safetensors *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->count; i++)
        free(file->tensors[i].name);
    for (size_t i = 0; i < 2 * file->metadata_count; i++)
        free(file->metadata[i]);
    free(file->tensors);
    free(file->by_name);
    free(file->metadata);
    free(file->path);
    fclose(file->stream);
    free(file);
}

/* ---- description ---- */

sg_file_map *sg_safetensors_map(const sg_safetensors *file)
{
    const int descriptor = fileno(file->stream);
    sg_file_map *mapping = descriptor >= 0 ? sg_file_map_create(descriptor) : NULL;
    if (mapping && sg_file_map_size(mapping) != file->file_bytes) {
        sg_file_map_release(mapping);
        return NULL;
    }
    return mapping;
}

size_t sg_safetensors_count(const sg_safetensors *file)
{
    return file->count;
}

const sg_stored_tensor *sg_safetensors_at(const sg_safetensors *file, size_t index)
{
    return &file->tensors[index];
}

const sg_stored_tensor *sg_safetensors_find(const sg_safetensors *file, const char *name)
{
    sg_stored_tensor wanted = {.name = (char *)name};
    const sg_stored_tensor *key = &wanted;
    const sg_stored_tensor *const *found =
        bsearch(&key, file->by_name, file->count, sizeof *file->by_name, compare_names);
    return found ? *found : NULL;
}

size_t sg_safetensors_metadata_count(const sg_safetensors *file)
{
    return file->metadata_count;
}

sg_metadata sg_safetensors_metadata_at(const sg_safetensors *file, size_t index)
{
    sg_metadata pair = {file->metadata[2 * index], file->metadata[2 * index + 1]};
    return pair;
}

const char *sg_safetensors_metadata(const sg_safetensors *file, const char *key)
{
    for (size_t i = 0; i < file->metadata_count; i++)
        if (strcmp(file->metadata[2 * i], key) == 0)
            return file->metadata[2 * i + 1];
    return NULL;
}

char *sg_stored_shape_print(const sg_stored_tensor *tensor, char *text)
{
    char *end = text;
    *end++ = '[';
    for (int i = 0; i < tensor->rank; i++)
        end += sprintf(end, "%s%" PRId64, i > 0 ? ", " : "", tensor->size[i]);
    strcpy(end, "]");
    return text;
}

/* ---- values ---- */

static sg_status seek_tensor(sg_safetensors *file, const sg_stored_tensor *tensor, sg_error *error)
{
    if (fseeko(file->stream, (off_t)tensor->offset, SEEK_SET) != 0)
        return sg_fail(error, SG_ERROR_FILE, "cannot read %s: %s", file->path, strerror(errno));
    return SG_OK;
}

sg_status sg_safetensors_read_bytes(sg_safetensors *file, const sg_stored_tensor *tensor,
                                    void *values, sg_error *error)
{
    SG_TRY(seek_tensor(file, tensor, error));
    return read_exactly(file, values, tensor->bytes, error);
}

/* Converts through a small buffer into floats or, when those are NULL, doubles. */
static sg_status read_converted(sg_safetensors *file, const sg_stored_tensor *tensor, float *floats,
                                double *doubles, sg_error *error)
{
    enum { CHUNK = 4096 };
    unsigned char bytes[CHUNK * 8];
    if (!sg_stored_type_converts(tensor->type))
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the tensor \"%s\" is of type %s, which this program cannot convert",
                       file->path, tensor->name, sg_stored_type_name(tensor->type));
    SG_TRY(seek_tensor(file, tensor, error));
    for (size_t at = 0; at < tensor->count; at += CHUNK) {
        size_t length = tensor->count - at < CHUNK ? tensor->count - at : CHUNK;
        SG_TRY(read_exactly(file, bytes, length * sg_stored_type_bytes(tensor->type), error));
        if (floats)
            sg_stored_to_floats(tensor->type, bytes, length, floats + at);
        else
            sg_stored_to_doubles(tensor->type, bytes, length, doubles + at);
    }
    return SG_OK;
}

sg_status sg_safetensors_read_floats(sg_safetensors *file, const sg_stored_tensor *tensor,
                                     float *values, sg_error *error)
{
    if (tensor->type == SG_STORED_F32)
        return sg_safetensors_read_bytes(file, tensor, values, error);
    return read_converted(file, tensor, values, NULL, error);
}

sg_status sg_safetensors_read_doubles(sg_safetensors *file, const sg_stored_tensor *tensor,
                                      double *values, sg_error *error)
{
    return read_converted(file, tensor, NULL, values, error);
}
