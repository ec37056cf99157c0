/* Arrays over a storage: their shape is checked against it once, their elements are read in order.
 */
#ifndef SG_CHECKPOINT_VALUES_STRIDED_ARRAY_H
#define SG_CHECKPOINT_VALUES_STRIDED_ARRAY_H

#include <stdint.h>

#include "checkpoint/values/stored_type.h"

/* How an array's elements lie in memory. */
typedef struct sg_value_array {
    sg_stored_type type;
    bool big_endian;
    int rank;
    int64_t size[SG_STORED_MAX_RANK];   /* outermost first; entries from `rank` on are 1 */
    int64_t stride[SG_STORED_MAX_RANK]; /* in elements, never negative */
    size_t count;                       /* elements */
    bool dense;                         /* row-major without gaps */
} sg_value_array;

/* A run of bytes that arrays lie in. */
typedef struct sg_array_storage {
    const unsigned char *bytes; /* NULL until the data of a stream are reached */
    size_t size;                /* bytes */
    bool big_endian;
} sg_array_storage;

/* An array and the storage that holds its elements. */
typedef struct sg_array {
    sg_value_array layout;
    const sg_array_storage *storage;
    size_t offset; /* of the first element, in bytes */
} sg_array;

/*
 * Completes array->layout from its type, rank, size and stride (in elements) and checks that every
 * element lies within the `limit` bytes of the storage from its start, and that an array of more
 * than 1,048,576 elements has no more of them than the file has bytes. Returns NULL if the array is
 * sound, otherwise the fault as the rest of a sentence about the array.
 */
const char *sg_array_check(sg_array *array, size_t limit, size_t file_size);

/*
 * Sets strides without gaps: the last index runs fastest, or the first in Fortran's order. Sizes
 * whose product overflows are left to sg_array_check.
 */
void sg_array_set_dense(sg_value_array *layout, bool fortran);

/* Reads the elements of a checked array in row-major order as numbers. */
void sg_array_read_floats(const sg_array *array, float *numbers);

/* The only element of an array of rank 0: its bits in the processor's order; its number. */
uint64_t sg_array_scalar_bits(const sg_array *array);
double sg_array_scalar_real(const sg_array *array);

#endif
