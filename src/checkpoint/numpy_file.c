/* Reads NumPy's files; see numpy_file.h. Every length is checked before it is used. */
#include "checkpoint/numpy_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "base/zip_archive.h"
#include "checkpoint/numpy_header.h"
#include "checkpoint/stored_type.h"

enum { MOST_ENTRIES = 1 << 16 /* of an archive */ };

void sg_numpy_array_clear(sg_numpy_array *array)
{
    free(array->values);
    *array = (sg_numpy_array){0};
}

char *sg_numpy_shape_print(const sg_numpy_array *array, char *text)
{
    char *at = text;
    *at++ = '(';
    for (int i = 0; i < array->rank; i++) {
        at += sprintf(at, i > 0 ? ", %lld" : "%lld", (long long)array->size[i]);
    }
    sprintf(at, array->rank == 1 ? ",)" : ")");
    return text;
}

/* Reverses the bytes of every element. */
static void swap_bytes(unsigned char *bytes, size_t count, size_t step)
{
    for (size_t i = 0; i < count; i++, bytes += step) {
        for (size_t a = 0, b = step - 1; a < b; a++, b--) {
            const unsigned char byte = bytes[a];
            bytes[a] = bytes[b];
            bytes[b] = byte;
        }
    }
}

/* Values in Fortran order, whose first index changes fastest, into C order. */
static void reorder(const sg_numpy_array *array, const float *fortran, float *values)
{
    int64_t index[SG_NUMPY_MAX_RANK] = {0};
    size_t strides[SG_NUMPY_MAX_RANK];
    size_t stride = 1;
    for (int k = 0; k < array->rank; k++) {
        strides[k] = stride;
        stride *= (size_t)array->size[k];
    }
    size_t place = 0;
    for (size_t i = 0; i < array->count; i++) {
        values[i] = fortran[place];
        for (int k = array->rank - 1; k >= 0; k--) {
            place += strides[k];
            if (++index[k] < array->size[k]) {
                break;
            }
            place -= strides[k] * (size_t)array->size[k];
            index[k] = 0;
        }
    }
}

static sg_status fail_memory(const char *path, sg_error *error)
{
    return sg_fail(error, SG_ERROR_MEMORY, "no memory left for the array in %s", path);
}

/* The elements behind a header as floats. */
static sg_status convert(const char *path, const sg_numpy_header *header, unsigned char *bytes,
                         sg_numpy_array *array, sg_error *error)
{
    array->values = sg_allocate(array->count + 1, sizeof *array->values);
    float *fortran =
        header->fortran_order ? sg_allocate(array->count + 1, sizeof *fortran) : array->values;
    if (array->values == NULL || fortran == NULL) {
        free(header->fortran_order ? fortran : NULL);
        return fail_memory(path, error);
    }
    if (header->big_endian) {
        swap_bytes(bytes, array->count, sg_stored_type_bytes(header->type));
    }
    sg_stored_to_floats(header->type, bytes, array->count, fortran);
    if (header->fortran_order) {
        reorder(array, fortran, array->values);
        free(fortran);
    }
    return SG_OK;
}

/* An .npy file's content; `bytes` are changed. */
static sg_status read_array(const char *path, unsigned char *bytes, size_t size,
                            sg_numpy_array *array, sg_error *error)
{
    sg_numpy_header header;
    const sg_status status = sg_numpy_header_read(path, bytes, size, &header, error);
    if (status != SG_OK) {
        return status;
    }
    size_t needed = 0;
    array->rank = header.rank;
    array->count = 1;
    bool fits = true;
    for (int i = 0; i < SG_NUMPY_MAX_RANK; i++) {
        array->size[i] = header.size[i];
        fits = fits && sg_size_multiply(array->count, (size_t)header.size[i], &array->count);
    }
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
    return convert(path, &header, bytes + header.length, array, error);
}

/* ---- archives ---- */

/* The length of an entry's name without ".npy"; 0 when that is not how it ends. */
static size_t stem_length(const char *name)
{
    const size_t length = name != NULL ? strlen(name) : 0;
    return length > 4 && strcmp(name + length - 4, ".npy") == 0 ? length - 4 : 0;
}

/* The entry to read in *index: the one of that name, or else the only array. */
static sg_status find_entry(const char *path, const sg_zip_archive *archive, const char *member,
                            size_t *index, sg_error *error)
{
    const size_t count = sg_zip_count(archive);
    size_t arrays = 0;
    if (count > MOST_ENTRIES) {
        return sg_fail(error, SG_ERROR_FORMAT, "%s: an archive of %zu entries is not read", path,
                       count);
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = sg_zip_name(archive, i);
        const size_t length = stem_length(name);
        if (length == 0) {
            continue;
        }
        arrays++;
        *index = i;
        if (member != NULL && strlen(member) == length && strncmp(member, name, length) == 0) {
            return SG_OK;
        }
    }
    if (arrays == 1) {
        return SG_OK;
    }
    if (arrays == 0) {
        return sg_fail(error, SG_ERROR_FORMAT, "%s: the archive holds no array (.npy)", path);
    }
    return sg_fail(error, SG_ERROR_FORMAT,
                   "%s: the archive holds %zu arrays, but none named \"%s\"", path, arrays,
                   member != NULL ? member : "");
}

static sg_status read_archive(const char *path, const char *member, unsigned char **bytes,
                              size_t *size, sg_error *error)
{
    sg_zip_archive *archive = NULL;
    size_t index = 0;
    sg_status status = sg_zip_open(path, &archive, error);
    if (status == SG_OK) {
        status = find_entry(path, archive, member, &index, error);
    }
    if (status == SG_OK) {
        status = sg_zip_read(archive, index, SG_NUMPY_LARGEST_FILE, SG_NUMPY_LARGEST_FILE, bytes,
                             size, error);
    }
    sg_zip_close(archive);
    return status;
}

/* ---- files ---- */

/* Whether the file starts like a zip archive, an empty one included. */
static bool is_archive(const char *path)
{
    char start[4] = {0};
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        return false;
    }
    const size_t got = fread(start, 1, sizeof start, file);
    fclose(file);
    return got == sizeof start && (memcmp(start, "PK\3\4", sizeof start) == 0 ||
                                   memcmp(start, "PK\5\6", sizeof start) == 0);
}

sg_status sg_numpy_read(const char *path, const char *member, sg_numpy_array *array,
                        sg_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    *array = (sg_numpy_array){0};
    sg_status status = is_archive(path)
                           ? read_archive(path, member, &bytes, &size, error)
                           : sg_read_file(path, SG_NUMPY_LARGEST_FILE, &bytes, &size, error);
    if (status == SG_OK) {
        status = read_array(path, bytes, size, array, error);
    }
    if (status != SG_OK) {
        sg_numpy_array_clear(array);
    }
    free(bytes);
    return status;
}
