/* Sets of w over NumPy's files: checks the shape, and copies a w that serves several inputs. */
#include "checkpoint/numpy/w_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/files/file_kind.h"
#include "base/text.h"
#include "checkpoint/numpy/numpy_file.h"

#define MEMBER "w"

void sg_w_set_clear(sg_w_set *set)
{
    free(set->values);
    *set = (sg_w_set){0};
}

const float *sg_w_set_at(const sg_w_set *set, size_t index)
{
    return set->values + index * set->num_ws * set->w_dim;
}

/* Counts the inputs of each w in the array: num_ws, 1 for a w of all inputs, 0 if it is no w. */
static size_t inputs_of(const sg_numpy_array *array, size_t num_ws, size_t w_dim)
{
    const int last = array->rank - 1;
    if (last < 0 || last > 2 || (size_t)array->size[last] != w_dim)
        return 0;
    if (last < 2)
        return 1;
    const size_t inputs = (size_t)array->size[1];
    return inputs == num_ws || inputs == 1 ? inputs : 0;
}

/* Checks the array against the network; *inputs as inputs_of. */
static sg_status check_array(const char *path, const sg_numpy_array *array, size_t num_ws,
                             size_t w_dim, size_t *inputs, sg_error *error)
{
    char shape[200];
    *inputs = inputs_of(array, num_ws, w_dim);
    if (*inputs == 0 || array->count == 0)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: the array has the shape %s, but w of this network are (N, %zu, %zu), "
                       "or (N, %zu) for the same in all its inputs",
                       path, sg_numpy_shape_print(array, shape), num_ws, w_dim, w_dim);
    for (size_t i = 0; i < array->count; i++) {
        if (!isfinite(array->values[i]))
            return sg_fail(error, SG_ERROR_FORMAT, "%s: number %zu of the array is %g", path, i,
                           (double)array->values[i]);
    }
    return SG_OK;
}

/* Takes the array over, or copies each w to every input. */
static sg_status fill(const char *path, sg_numpy_array *array, size_t inputs, sg_w_set *set,
                      sg_error *error)
{
    set->count = array->count / inputs / set->w_dim;
    if (inputs == set->num_ws) {
        set->values = array->values;
        array->values = NULL;
        return SG_OK;
    }
    size_t copies = 0;
    const size_t width = set->w_dim * sizeof *set->values;
    if (!sg_size_multiply(set->count, set->num_ws, &copies) ||
        copies > SG_NUMPY_LARGEST_FILE / width)
        return sg_fail(error, SG_ERROR_FORMAT,
                       "%s: %zu w for %zu inputs each are more than the %zu bytes that are read",
                       path, set->count, set->num_ws, SG_NUMPY_LARGEST_FILE);
    set->values = sg_allocate(copies, width);
    if (!set->values)
        return sg_fail_memory(error, "the w in %s", path);
    for (size_t i = 0; i < copies; i++)
        memcpy(set->values + i * set->w_dim, array->values + i / set->num_ws * set->w_dim, width);
    return SG_OK;
}

sg_status sg_w_file_read(const char *path, size_t num_ws, size_t w_dim, sg_w_set *set,
                         sg_error *error)
{
    sg_numpy_array array;
    size_t inputs = 1;
    const sg_file_form form = sg_file_form_at(path);
    *set = (sg_w_set){.num_ws = num_ws, .w_dim = w_dim};
    if (form != SG_FORM_NUMPY && form != SG_FORM_ZIP)
        return sg_file_fail_kind(path, "file of w", error);
    sg_status status = sg_numpy_read(path, MEMBER, &array, error);
    if (!status)
        status = check_array(path, &array, num_ws, w_dim, &inputs, error);
    if (!status)
        status = fill(path, &array, inputs, set, error);
    sg_numpy_array_clear(&array);
    if (status)
        sg_w_set_clear(set);
    return status;
}

sg_status sg_w_file_write(const char *path, const float *values, size_t count, size_t num_ws,
                          size_t w_dim, sg_error *error)
{
    const sg_numpy_entry entry = {.name = MEMBER,
                                  .rank = 3,
                                  .size = {(int64_t)count, (int64_t)num_ws, (int64_t)w_dim},
                                  .values = values};
    return sg_has_suffix(path, ".npy") ? sg_numpy_write_npy(path, &entry, error)
                                       : sg_numpy_write_npz(path, &entry, 1, error);
}
