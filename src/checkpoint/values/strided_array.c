/*
 * Shapes, strides and byte orders of foreign arrays. Elements are read in blocks along the axis on
 * which they lie closest together.
 */
#include "checkpoint/values/strided_array.h"

#include <string.h>

#include "base/allocate.h"
#include "checkpoint/values/stored_type.h"

/* An expanded tensor may have more elements than its file has bytes, up to this many. */
#define FREE_ELEMENTS ((size_t)1 << 20)

static bool is_dense(const sg_value_array *layout)
{
    int64_t expected = 1;
    for (int i = layout->rank; i-- > 0;) {
        if (layout->size[i] != 1 && layout->stride[i] != expected)
            return false;
        expected *= layout->size[i];
    }
    return true;
}

/* Computes the distance in elements from the first element to the farthest; false on overflow. */
static bool find_reach(const sg_value_array *layout, size_t *reach)
{
    *reach = 0;
    for (int i = 0; i < layout->rank; i++) {
        size_t span;
        if (!sg_size_multiply((size_t)layout->size[i] - 1, (size_t)layout->stride[i], &span) ||
            !sg_size_add(*reach, span, reach))
            return false;
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
        if (layout->size[i] < 0 || layout->stride[i] < 0)
            return "has a negative size or stride";
        if (!sg_size_multiply(layout->count, (size_t)layout->size[i], &layout->count))
            return "has more elements than any memory";
    }
    layout->dense = true;
    if (layout->count == 0)
        return NULL;
    size_t reach;
    size_t bytes;
    if (!find_reach(layout, &reach) || !sg_size_add(reach, 1, &reach) ||
        !sg_size_multiply(reach, sg_stored_type_bytes(layout->type), &bytes) ||
        array->offset > limit || bytes > limit - array->offset)
        return "reaches beyond the end of its data";
    if (layout->count > FREE_ELEMENTS && layout->count > file_size)
        return "has more elements than its file has bytes";
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
        if (__builtin_mul_overflow(stride, size, &stride))
            stride = INT64_MAX;
    }
}

/* ---- reading ---- */

/* Copies elements of `width` bytes that lie `step` bytes apart, perhaps reversing each. */
static void copy_elements(unsigned char *target, const unsigned char *source, size_t count,
                          size_t step, size_t width, bool reverse)
{
    if (!reverse && width == 4) {
        for (size_t i = 0; i < count; i++)
            memcpy(target + i * 4, source + i * step, 4);
        return;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t byte = 0; byte < width; byte++)
            target[i * width + byte] = source[i * step + (reverse ? width - 1 - byte : byte)];
}

/* A walk over all axes except one, in the storage and in the row-major result. */
typedef struct array_walk {
    const sg_value_array *layout;
    int axis; /* that the walk leaves out; -1 for an array of rank 0 */
    int64_t index[SG_STORED_MAX_RANK];
    size_t source_step[SG_STORED_MAX_RANK]; /* bytes */
    size_t target_step[SG_STORED_MAX_RANK]; /* numbers */
    size_t source;                          /* the present position: bytes from the first element */
    size_t target;                          /* numbers from the first number */
} array_walk;

/*
 * Returns the axis along which elements lie closest together. Reading along it uses whole cache
 * lines: weights are often transposed, with the slowest stride on their last axis.
 */
static int closest_axis(const sg_value_array *layout)
{
    int closest = layout->rank - 1;
    for (int i = layout->rank - 2; i >= 0; i--) {
        bool candidate = layout->size[i] > 1 && layout->stride[i] > 0;
        if (candidate &&
            (layout->size[closest] == 1 || layout->stride[i] < layout->stride[closest]))
            closest = i;
    }
    return closest;
}

static void start_walk(array_walk *walk, const sg_value_array *layout)
{
    size_t step = 1;
    *walk = (array_walk){.layout = layout, .axis = closest_axis(layout)};
    for (int i = layout->rank - 1; i >= 0; i--) {
        walk->source_step[i] = (size_t)layout->stride[i] * sg_stored_type_bytes(layout->type);
        walk->target_step[i] = step;
        step *= (size_t)layout->size[i];
    }
}

/* Moves to the next position; after the last, returns to the first and is false. */
static bool next_position(array_walk *walk)
{
    for (int i = walk->layout->rank - 1; i >= 0; i--) {
        if (i == walk->axis)
            continue;
        walk->source += walk->source_step[i];
        walk->target += walk->target_step[i];
        if (++walk->index[i] < walk->layout->size[i])
            return true;
        walk->source -= walk->source_step[i] * (size_t)walk->layout->size[i];
        walk->target -= walk->target_step[i] * (size_t)walk->layout->size[i];
        walk->index[i] = 0;
    }
    return false;
}

enum { BLOCK = 16 }; /* elements along the axis: a cache line of floats */

/* Reads `count` elements along the walk's axis from element `first`. */
static void read_block(const array_walk *walk, const unsigned char *start, size_t first,
                       size_t count, float *numbers)
{
    unsigned char bytes[BLOCK * 8];
    float values[BLOCK];
    const sg_value_array *layout = walk->layout;
    size_t width = sg_stored_type_bytes(layout->type);
    size_t source_step = walk->axis >= 0 ? walk->source_step[walk->axis] : 0;
    size_t target_step = walk->axis >= 0 ? walk->target_step[walk->axis] : 0;
    copy_elements(bytes, start + walk->source + first * source_step, count, source_step, width,
                  layout->big_endian);
    sg_stored_to_floats(layout->type, bytes, count, values);
    float *target = numbers + walk->target + first * target_step;
    for (size_t i = 0; i < count; i++)
        target[i * target_step] = values[i];
}

void sg_array_read_floats(const sg_array *array, float *numbers)
{
    const sg_value_array *layout = &array->layout;
    if (layout->count == 0)
        return;
    const unsigned char *start = array->storage->bytes + array->offset;
    if (layout->dense && !layout->big_endian) {
        sg_stored_to_floats(layout->type, start, layout->count, numbers);
        return;
    }
    array_walk walk;
    start_walk(&walk, layout);
    size_t length = walk.axis >= 0 ? (size_t)layout->size[walk.axis] : 1;
    for (size_t first = 0; first < length; first += BLOCK) {
        size_t count = length - first < BLOCK ? length - first : BLOCK;
        do {
            read_block(&walk, start, first, count, numbers);
        } while (next_position(&walk));
    }
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
