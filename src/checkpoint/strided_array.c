/* Shapes, strides and byte orders of foreign arrays; see strided_array.h. */
#include "checkpoint/strided_array.h"

#include <string.h>

#include "base/allocate.h"
#include "checkpoint/stored_type.h"

/* An expanded tensor may have more elements than its file has bytes, but not arbitrarily many. */
#define FREE_ELEMENTS ((size_t)1 << 20)

static bool is_dense(const sg_value_array *layout)
{
    int64_t expected = 1;
    for (int i = layout->rank; i-- > 0;) {
        if (layout->size[i] != 1 && layout->stride[i] != expected) {
            return false;
        }
        expected *= layout->size[i];
    }
    return true;
}

/* The distance in elements from the first element to the farthest; false on overflow. */
static bool find_reach(const sg_value_array *layout, size_t *reach)
{
    *reach = 0;
    for (int i = 0; i < layout->rank; i++) {
        size_t span;
        if (!sg_size_multiply((size_t)layout->size[i] - 1, (size_t)layout->stride[i], &span) ||
            !sg_size_add(*reach, span, reach)) {
            return false;
        }
    }
    return true;
}

const char *sg_array_check(sg_array *array, size_t limit, size_t file_size)
{
    sg_value_array *layout = &array->layout;
    layout->count = 1;
    for (int i = 0; i < SG_STORED_MAX_RANK; i++) {
        if (i >= layout->rank) {
            layout->size[i] = 1;
            layout->stride[i] = 0;
        }
        if (layout->size[i] < 0 || layout->stride[i] < 0) {
            return "has a negative size or stride";
        }
        if (!sg_size_multiply(layout->count, (size_t)layout->size[i], &layout->count)) {
            return "has more elements than any memory";
        }
    }
    layout->dense = true;
    if (layout->count == 0) {
        return NULL;
    }
    size_t reach;
    size_t bytes;
    if (!find_reach(layout, &reach) || !sg_size_add(reach, 1, &reach) ||
        !sg_size_multiply(reach, sg_stored_type_bytes(layout->type), &bytes) ||
        array->offset > limit || bytes > limit - array->offset) {
        return "reaches beyond the end of its data";
    }
    if (layout->count > FREE_ELEMENTS && layout->count > file_size) {
        return "has more elements than its file has bytes";
    }
    layout->dense = is_dense(layout);
    return NULL;
}

void sg_array_set_dense(sg_value_array *layout, bool fortran)
{
    int64_t stride = 1;
    for (int i = 0; i < layout->rank; i++) {
        int axis = fortran ? i : layout->rank - 1 - i;
        layout->stride[axis] = stride;
        int64_t size = layout->size[axis] > 0 ? layout->size[axis] : 1;
        if (__builtin_mul_overflow(stride, size, &stride)) {
            stride = INT64_MAX;
        }
    }
}

/* ---- reading ---- */

/* Copies elements of `width` bytes that lie `step` bytes apart, perhaps reversing each. */
static void copy_elements(unsigned char *target, const unsigned char *source, size_t count,
                          size_t step, size_t width, bool reverse)
{
    if (!reverse && width == 4) {
        for (size_t i = 0; i < count; i++) {
            memcpy(target + i * 4, source + i * step, 4);
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t byte = 0; byte < width; byte++) {
            target[i * width + byte] = source[i * step + (reverse ? width - 1 - byte : byte)];
        }
    }
}

/* One row along the last axis. */
static void read_row(const sg_value_array *layout, const unsigned char *source, float *numbers)
{
    enum { CHUNK = 512 };
    unsigned char buffer[CHUNK * 8];
    size_t width = sg_stored_type_bytes(layout->type);
    int last = layout->rank - 1;
    size_t count = layout->rank > 0 ? (size_t)layout->size[last] : 1;
    size_t step = layout->rank > 0 ? (size_t)layout->stride[last] * width : width;
    for (size_t at = 0; at < count; at += CHUNK) {
        size_t length = count - at < CHUNK ? count - at : CHUNK;
        copy_elements(buffer, source + at * step, length, step, width, layout->big_endian);
        sg_stored_to_floats(layout->type, buffer, length, numbers + at);
    }
}

/* Moves to the next row: counts up the indices of all axes but the last, and follows with the
 * offset; false after the last row. */
static bool next_row(const sg_value_array *layout, int64_t *index, size_t *offset)
{
    size_t width = sg_stored_type_bytes(layout->type);
    for (int i = layout->rank - 2; i >= 0; i--) {
        size_t step = (size_t)layout->stride[i] * width;
        *offset += step;
        if (++index[i] < layout->size[i]) {
            return true;
        }
        *offset -= step * (size_t)layout->size[i];
        index[i] = 0;
    }
    return false;
}

void sg_array_read_floats(const sg_array *array, float *numbers)
{
    const sg_value_array *layout = &array->layout;
    if (layout->count == 0) {
        return;
    }
    const unsigned char *start = array->storage->bytes + array->offset;
    if (layout->dense && !layout->big_endian) {
        sg_stored_to_floats(layout->type, start, layout->count, numbers);
        return;
    }
    int64_t index[SG_STORED_MAX_RANK] = {0};
    size_t offset = 0;
    size_t row = layout->rank > 0 ? (size_t)layout->size[layout->rank - 1] : 1;
    do {
        read_row(layout, start + offset, numbers);
        numbers += row;
    } while (next_row(layout, index, &offset));
}

uint64_t sg_array_scalar_bits(const sg_array *array)
{
    size_t width = sg_stored_type_bytes(array->layout.type);
    unsigned char bytes[8] = {0};
    copy_elements(bytes, array->storage->bytes + array->offset, 1, width, width,
                  array->layout.big_endian);
    uint64_t bits;
    memcpy(&bits, bytes, sizeof bits);
    return bits;
}

double sg_array_scalar_real(const sg_array *array)
{
    uint64_t bits = sg_array_scalar_bits(array);
    unsigned char bytes[8];
    double number;
    memcpy(bytes, &bits, sizeof bytes);
    sg_stored_to_doubles(array->layout.type, bytes, 1, &number);
    return number;
}
