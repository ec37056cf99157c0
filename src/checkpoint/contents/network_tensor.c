/* Shapes and numbers of networks' tensors in files of any format: axes are reordered in tiles. */
#include "checkpoint/contents/network_tensor.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/values/stored_type.h"

sg_network_tensor sg_network_tensor_stored(sg_safetensors *file, const sg_stored_tensor *stored)
{
    sg_network_tensor tensor = {
        .rank = stored->rank, .count = stored->count, .file = file, .stored = stored};
    memcpy(tensor.size, stored->size, sizeof tensor.size);
    return tensor;
}

sg_network_tensor sg_network_tensor_zeros(int rank, const int64_t *size)
{
    sg_network_tensor tensor = {.rank = rank, .count = 1};
    for (int i = 0; i < SG_STORED_MAX_RANK; i++) {
        tensor.size[i] = i < rank ? size[i] : 1;
        tensor.count *= (size_t)tensor.size[i];
    }
    return tensor;
}

/* ---- shapes ---- */

/* Removes axes of size 1, the first ones first, down to `rank`; false if that is not possible. */
static bool set_rank(sg_network_tensor *tensor, int rank)
{
    while (tensor->rank > rank) {
        int axis = 0;
        while (axis < tensor->rank && tensor->size[axis] != 1)
            axis++;
        if (axis == tensor->rank)
            return false;
        for (int i = axis; i + 1 < tensor->rank; i++)
            tensor->size[i] = tensor->size[i + 1];
        tensor->size[--tensor->rank] = 1;
    }
    return tensor->rank == rank;
}

/* Removes the axes before the last `rank` ones; false if there are not as many, or no elements. */
static bool take_first_row(sg_network_tensor *tensor, int rank)
{
    const int removed = tensor->rank - rank;
    if (removed < 0 || tensor->count == 0)
        return false;
    tensor->count = 1;
    for (int i = 0; i < SG_STORED_MAX_RANK; i++) {
        tensor->size[i] = i < rank ? tensor->size[i + removed] : 1;
        tensor->count *= (size_t)tensor->size[i];
    }
    tensor->rank = rank;
    return true;
}

/* Sets the sizes of a projection's matrix; false if it has too many rows. */
static bool project(sg_network_tensor *tensor, const int64_t size[])
{
    size_t rows = 0;
    if (!sg_size_multiply((size_t)size[2], (size_t)size[3], &rows) ||
        !sg_size_multiply((size_t)size[0], rows, &rows) || rows > INT64_MAX)
        return false;
    tensor->size[0] = (int64_t)rows;
    tensor->size[1] = size[1];
    tensor->size[2] = tensor->size[3] = 1;
    tensor->rank = 2;
    return true;
}

/* Sets the tensor's sizes to the array's in the official order; false if the axes do not fit. */
static bool order_axes(sg_network_tensor *tensor, const sg_value_array *array, int rank)
{
    const int64_t *size = array->size;
    tensor->rank = array->rank;
    memcpy(tensor->size, size, sizeof tensor->size);
    if (tensor->order == SG_AXES_KEPT || tensor->order == SG_AXES_FIRST_REVERSED)
        return set_rank(tensor, rank);
    if (tensor->order == SG_AXES_FIRST_ROW)
        return take_first_row(tensor, rank);
    if (tensor->order == SG_AXES_TRANSPOSED) {
        tensor->size[0] = size[1];
        tensor->size[1] = size[0];
        return array->rank == 2 && rank == 2;
    }
    if (tensor->order == SG_AXES_PROJECTION)
        return array->rank == 4 && rank == 2 && project(tensor, size);
    static const int axes[][4] = {[SG_AXES_KERNEL] = {3, 2, 0, 1},
                                  [SG_AXES_KERNEL_REVERSED] = {3, 2, 0, 1},
                                  [SG_AXES_KERNEL_OUT_FIRST] = {2, 3, 0, 1},
                                  [SG_AXES_REVERSED] = {0, 1, 2, 3}};
    for (int i = 0; i < 4; i++)
        tensor->size[i] = size[axes[tensor->order][i]];
    return array->rank == 4 && rank == 4;
}

/* True if the file has fewer elements than the shape counts, as with a stride of 0. */
static bool repeats_elements(const sg_value_array *array)
{
    if (array->dense || array->count == 0)
        return false;
    size_t reach = 1;
    for (int i = 0; i < array->rank; i++) {
        size_t step = 0;
        if (!sg_size_multiply((size_t)(array->size[i] - 1), (size_t)array->stride[i], &step) ||
            !sg_size_add(reach, step, &reach))
            return true;
    }
    return array->count > reach;
}

bool sg_network_tensor_from_array(const sg_value *value, sg_axis_order order, int rank,
                                  double added, sg_network_tensor *tensor)
{
    sg_value_array array;
    *tensor = (sg_network_tensor){.value = value, .order = order, .added = added};
    if (!sg_value_array_of(value, &array) || !sg_stored_type_converts(array.type) ||
        repeats_elements(&array))
        return false;
    tensor->count = array.count;
    return order_axes(tensor, &array, rank);
}

char *sg_network_tensor_print_shape(const sg_network_tensor *tensor, char *text)
{
    sg_stored_tensor shape = {.rank = tensor->rank};
    memcpy(shape.size, tensor->size, sizeof shape.size);
    return sg_stored_shape_print(&shape, text);
}

/* ---- numbers ---- */

/*
 * Transposes a matrix [rows, columns] to [columns, rows] with elements `stride` apart, in tiles
 * that stay in the cache.
 */
static void transpose(const float *from, size_t rows, size_t columns, size_t stride, float *to)
{
    enum { TILE = 16 };
    for (size_t row = 0; row < rows; row += TILE) {
        size_t row_end = row + TILE < rows ? row + TILE : rows;
        for (size_t column = 0; column < columns; column += TILE) {
            size_t column_end = column + TILE < columns ? column + TILE : columns;
            for (size_t j = column; j < column_end; j++)
                for (size_t i = row; i < row_end; i++)
                    to[(j * rows + i) * stride] = from[i * columns + j];
        }
    }
}

/* Copies elements to `stride` apart. */
static void spread(const float *from, size_t count, size_t stride, float *to)
{
    for (size_t i = 0; i < count; i++)
        to[i * stride] = from[i];
}

/* Copies rows in reverse. */
static void reverse_rows(const float *from, size_t rows, size_t columns, float *to)
{
    for (size_t row = 0; row < rows; row++)
        memcpy(to + row * columns, from + (rows - 1 - row) * columns, columns * sizeof *to);
}

/* Copies kernels with their taps in reverse. */
static void reverse_kernels(const float *from, size_t kernels, size_t taps, float *to)
{
    for (size_t kernel = 0; kernel < kernels; kernel++)
        for (size_t tap = 0; tap < taps; tap++)
            to[kernel * taps + tap] = from[kernel * taps + taps - 1 - tap];
}

/* Copies reversed kernels [out, in, taps] to a matrix [out * taps, in]. */
static void project_kernels(const float *from, size_t out, size_t in, size_t taps, float *to)
{
    for (size_t o = 0; o < out; o++)
        for (size_t i = 0; i < in; i++)
            for (size_t tap = 0; tap < taps; tap++)
                to[(o * taps + tap) * in + i] = from[(o * in + i) * taps + taps - 1 - tap];
}

/* Copies kernels from [height, width] before their channels to the official order. */
static void reorder_kernels(const sg_network_tensor *tensor, const float *from, float *to)
{
    const size_t out = (size_t)tensor->size[0];
    const size_t in = (size_t)tensor->size[1];
    const size_t taps = (size_t)(tensor->size[2] * tensor->size[3]);
    for (size_t tap = 0; tap < taps; tap++) {
        size_t source = tensor->order == SG_AXES_KERNEL_REVERSED ? taps - 1 - tap : tap;
        const float *matrix = from + source * in * out;
        if (tensor->order == SG_AXES_KERNEL_OUT_FIRST)
            spread(matrix, in * out, taps, to + tap);
        else
            transpose(matrix, in, out, taps, to + tap);
    }
}

/* Copies from the file's order to the official one. */
static void reorder(const sg_network_tensor *tensor, const float *from, float *to)
{
    const size_t out = (size_t)tensor->size[0];
    const size_t in = (size_t)tensor->size[1];
    const size_t taps = (size_t)(tensor->size[2] * tensor->size[3]);
    sg_value_array array;
    switch (tensor->order) {
    case SG_AXES_FIRST_ROW:
        memcpy(to, from, tensor->count * sizeof *to);
        break;
    case SG_AXES_TRANSPOSED:
        transpose(from, in, out, 1, to);
        break;
    case SG_AXES_FIRST_REVERSED:
        reverse_rows(from, out, tensor->count / (out > 0 ? out : 1), to);
        break;
    case SG_AXES_REVERSED:
        reverse_kernels(from, out * in, taps, to);
        break;
    case SG_AXES_PROJECTION:
        sg_value_array_of(tensor->value, &array);
        project_kernels(from, (size_t)array.size[0], in, (size_t)(array.size[2] * array.size[3]),
                        to);
        break;
    default:
        reorder_kernels(tensor, from, to);
    }
}

static sg_status read_array(const sg_network_tensor *tensor, float *numbers, sg_error *error)
{
    if (!tensor->value) {
        memset(numbers, 0, tensor->count * sizeof *numbers);
        return SG_OK;
    }
    bool kept = tensor->order == SG_AXES_KEPT;
    sg_value_array array = {0};
    sg_value_array_of(tensor->value, &array);
    float *stored = kept ? numbers : sg_allocate(array.count + 1, sizeof *stored);
    if (!stored)
        return sg_fail_memory(error, "the tensor %s", tensor->name);
    bool read = sg_value_read_floats(tensor->value, stored);
    if (read && !kept)
        reorder(tensor, stored, numbers);
    for (size_t i = 0; read && tensor->added != 0.0 && i < tensor->count; i++)
        numbers[i] = (float)((double)numbers[i] + tensor->added);
    if (!kept)
        free(stored);
    return read ? SG_OK
                : sg_fail(error, SG_ERROR_FORMAT, "the tensor %s has no numbers that can be read",
                          tensor->name);
}

sg_status sg_network_tensor_read_floats(const sg_network_tensor *tensor, float *numbers,
                                        sg_error *error)
{
    return tensor->stored ? sg_safetensors_read_floats(tensor->file, tensor->stored, numbers, error)
                          : read_array(tensor, numbers, error);
}

sg_status sg_network_tensor_read_doubles(const sg_network_tensor *tensor, double *numbers,
                                         sg_error *error)
{
    if (tensor->stored)
        return sg_safetensors_read_doubles(tensor->file, tensor->stored, numbers, error);
    float *narrow = sg_allocate(tensor->count + 1, sizeof *narrow);
    if (!narrow)
        return sg_fail_memory(error, "the tensor %s", tensor->name);
    sg_status status = read_array(tensor, narrow, error);
    for (size_t i = 0; !status && i < tensor->count; i++)
        numbers[i] = (double)narrow[i];
    free(narrow);
    return status;
}
