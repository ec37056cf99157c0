/* Reads NumPy's files. Every length is checked before it is used. */
#include "checkpoint/numpy/numpy_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file.h"
#include "base/files/file_kind.h"
#include "base/files/input_file.h"
#include "base/files/zip_archive.h"
#include "base/text.h"
#include "checkpoint/numpy/numpy_header.h"
#include "checkpoint/values/strided_array.h"

enum { MOST_ENTRIES = 1 << 16 /* of an archive */, NAME_BYTES = 256 };

void sg_numpy_array_clear(sg_numpy_array *array)
{
    free(array->values);
    free(array->pickle);
    *array = (sg_numpy_array){0};
}

char *sg_numpy_shape_print(const sg_numpy_array *array, char *text)
{
    char *at = text;
    *at++ = '(';
    for (int i = 0; i < array->rank; i++)
        at += sprintf(at, i > 0 ? ", %lld" : "%lld", (long long)array->size[i]);
    sprintf(at, array->rank == 1 ? ",)" : ")");
    return text;
}

/* Converts the elements after a header, all of which are there, to floats. */
static sg_status convert(const char *path, const sg_numpy_header *header,
                         const unsigned char *bytes, size_t size, sg_numpy_array *array,
                         sg_error *error)
{
    const sg_array_storage storage = {
        .bytes = bytes, .size = size, .big_endian = header->big_endian};
    sg_array elements = {
        .layout = {.type = header->type, .big_endian = header->big_endian, .rank = header->rank},
        .storage = &storage,
    };
    memcpy(elements.layout.size, header->size, sizeof elements.layout.size);
    sg_array_set_dense(&elements.layout, header->fortran_order);
    const char *fault = sg_array_check(&elements, size, size);
    if (fault)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the array %s", path, fault);
    array->values = sg_allocate(array->count + 1, sizeof *array->values);
    if (!array->values)
        return sg_fail_memory(error, "the array in %s", path);
    sg_array_read_floats(&elements, array->values);
    return SG_OK;
}

/* Takes the pickle after a header. */
static sg_status copy_pickle(const char *path, const unsigned char *bytes, size_t size,
                             sg_numpy_array *array, sg_error *error)
{
    array->pickle = sg_allocate(size + 1, 1);
    if (!array->pickle)
        return sg_fail_memory(error, "the array in %s", path);
    memcpy(array->pickle, bytes, size);
    array->pickle_bytes = size;
    return SG_OK;
}

/* Reads the content of an .npy file. */
static sg_status read_array(const char *path, const unsigned char *bytes, size_t size, bool objects,
                            sg_numpy_array *array, sg_error *error)
{
    sg_numpy_header header;
    SG_TRY(sg_numpy_header_read(path, bytes, size, objects ? SG_NUMPY_OBJECTS : 0, &header, error));
    size_t needed = 0;
    array->rank = header.rank;
    array->count = 1;
    bool fits = true;
    for (int i = 0; i < SG_STORED_MAX_RANK; i++) {
        array->size[i] = header.size[i];
        fits = fits && sg_size_multiply(array->count, (size_t)header.size[i], &array->count);
    }
    if (header.objects)
        return copy_pickle(path, bytes + header.length, size - header.length, array, error);
    fits = fits && sg_size_multiply(array->count, sg_stored_type_bytes(header.type), &needed);
    if (!fits || needed != size - header.length) {
        char shape[200];
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: %zu bytes follow the header, but an array of the shape %s with "
                       "elements of %zu bytes %s%zu%s",
                       path, size - header.length, sg_numpy_shape_print(array, shape),
                       sg_stored_type_bytes(header.type), fits ? "takes " : "takes more than ",
                       fits ? needed : SG_NUMPY_LARGEST_FILE, fits ? "" : " bytes");
    }
    return convert(path, &header, bytes + header.length, needed, array, error);
}

/* ---- archives ---- */

/* Returns the length of an entry's name without ".npy"; 0 if it does not end in it. */
static size_t stem_length(const char *name)
{
    return name && sg_has_suffix(name, ".npy") ? strlen(name) - 4 : 0;
}

/* Returns the rank of an entry's name among those asked for; their number for another. */
static size_t rank_of(const sg_numpy_choice *choice, const char *name, size_t length)
{
    size_t rank = 0;
    while (rank < choice->name_count && (strlen(choice->names[rank]) != length ||
                                         strncmp(choice->names[rank], name, length) != 0))
        rank++;
    return rank;
}

/* Finds the entry to read: the one of the best name, otherwise the only array. */
static sg_status find_entry(const char *path, const sg_zip_archive *archive,
                            const sg_numpy_choice *choice, size_t *index, sg_error *error)
{
    const size_t count = sg_zip_count(archive);
    size_t arrays = 0;
    size_t best = SIZE_MAX;
    if (count > MOST_ENTRIES)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: an archive of %zu entries is not read", path,
                       count);
    for (size_t i = 0; i < count; i++) {
        const char *name = sg_zip_name(archive, i);
        const size_t length = stem_length(name);
        if (length == 0)
            continue;
        arrays++;
        const size_t rank = rank_of(choice, name, length);
        if (rank < best) {
            best = rank;
            *index = i;
        }
    }
    if (arrays == 1 || (arrays > 0 && best < choice->name_count))
        return SG_OK;
    if (arrays == 0)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the archive holds no array (.npy)", path);
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: the archive holds %zu arrays, but none named \"%s\"", path, arrays,
                   choice->name_count > 0 ? choice->names[0] : "");
}

static sg_status read_archive(const char *path, const sg_numpy_choice *choice,
                              unsigned char **bytes, size_t *size, sg_error *error)
{
    sg_zip_archive *archive = NULL;
    size_t index = 0;
    sg_status status = sg_zip_open(path, &archive, error);
    if (!status)
        status = find_entry(path, archive, choice, &index, error);
    if (!status)
        status = sg_zip_read(archive, index, SG_NUMPY_LARGEST_FILE, SG_NUMPY_LARGEST_FILE, bytes,
                             size, error);
    sg_zip_close(archive);
    return status;
}

/* ---- files ---- */

sg_status sg_numpy_read(const char *path, const sg_numpy_choice *choice, sg_numpy_array *array,
                        sg_error *error)
{
    static const sg_numpy_choice only = {NULL, 0, false};
    choice = choice ? choice : &only;
    unsigned char *bytes = NULL;
    size_t size = 0;
    *array = (sg_numpy_array){0};
    sg_status status = sg_file_form_at(path) == SG_FORM_ZIP
                           ? read_archive(path, choice, &bytes, &size, error)
                           : sg_read_file(path, SG_NUMPY_LARGEST_FILE, &bytes, &size, error);
    if (!status)
        status = read_array(path, bytes, size, choice->objects, array, error);
    if (status)
        sg_numpy_array_clear(array);
    free(bytes);
    return status;
}

/* ---- texts ---- */

/* Appends a character as UTF-8; what is none becomes a question mark. */
static void append_character(sg_text *text, uint32_t point)
{
    static const unsigned char marks[] = {0, 0xC0, 0xE0, 0xF0};
    const bool valid = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
    point = valid ? point : '?';
    const int more = point >= 0x10000 ? 3 : point >= 0x800 ? 2 : point >= 0x80 ? 1 : 0;
    char bytes[4];
    for (int i = more; i >= 0; i--) {
        bytes[i] = (char)(i > 0 ? 0x80 | (point & 0x3F) : marks[more] | point);
        point >>= 6;
    }
    sg_text_append_bytes(text, bytes, (size_t)more + 1);
}

/* Converts one text of UCS-4, which ends at the first zero; NULL on lack of memory. */
static char *read_text(const unsigned char *bytes, size_t characters)
{
    sg_text text = {0};
    for (size_t i = 0; i < characters; i++) {
        uint32_t point = 0;
        memcpy(&point, bytes + i * sizeof point, sizeof point);
        if (point == 0)
            break;
        append_character(&text, point);
    }
    char *copy = text.failed ? NULL : sg_duplicate_text(text.bytes ? text.bytes : "");
    sg_text_clear(&text);
    return copy;
}

static sg_status read_texts(const char *path, const unsigned char *bytes, size_t size,
                            char ***texts, size_t *count, sg_error *error)
{
    sg_numpy_header header;
    size_t needed = 0;
    SG_TRY(sg_numpy_header_read(path, bytes, size, SG_NUMPY_TEXTS, &header, error));
    const size_t width = 4 * header.characters;
    const size_t texts_there = header.rank == 1 ? (size_t)header.size[0] : 0;
    if (width == 0 || header.rank != 1 || !sg_size_multiply(texts_there, width, &needed) ||
        needed != size - header.length)
        return sg_fail(error, SG_ERROR_FORMAT, "%s: an array of texts is not a plain list of them",
                       path);
    *texts = sg_allocate(texts_there + 1, sizeof **texts);
    bool complete = *texts != NULL;
    for (*count = 0; complete && *count < texts_there; *count += complete) {
        (*texts)[*count] = read_text(bytes + header.length + *count * width, header.characters);
        complete = (*texts)[*count] != NULL;
    }
    return complete ? SG_OK : sg_fail_memory(error, "the texts in %s", path);
}

sg_status sg_numpy_read_texts(const char *path, const char *name, char ***texts, size_t *count,
                              sg_error *error)
{
    char entry[NAME_BYTES];
    sg_zip_archive *archive = NULL;
    unsigned char *bytes = NULL;
    size_t index = 0;
    size_t size = 0;
    *texts = NULL;
    *count = 0;
    snprintf(entry, sizeof entry, "%s.npy", name);
    SG_TRY(sg_zip_open(path, &archive, error));
    sg_status status = SG_OK;
    if (sg_zip_find(archive, entry, &index)) {
        status = sg_zip_read(archive, index, SG_NUMPY_LARGEST_FILE, SG_NUMPY_LARGEST_FILE, &bytes,
                             &size, error);
        if (!status)
            status = read_texts(path, bytes, size, texts, count, error);
    }
    sg_zip_close(archive);
    free(bytes);
    if (status) {
        sg_numpy_texts_free(*texts, *count);
        *texts = NULL;
        *count = 0;
    }
    return status;
}

void sg_numpy_texts_free(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
}

bool sg_numpy_is_archive(const char *path)
{
    sg_zip_archive *archive = NULL;
    bool found = false;
    if (sg_zip_open(path, &archive, NULL))
        return true; /* reading it says why it cannot be opened */
    for (size_t i = 0; !found && i < sg_zip_count(archive) && i < MOST_ENTRIES; i++)
        found = stem_length(sg_zip_name(archive, i)) > 0;
    sg_zip_close(archive);
    return found;
}
