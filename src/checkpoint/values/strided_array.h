/* Arrays over a storage: their shape checked against it once, their elements read in order. */
#ifndef SG_CHECKPOINT_VALUES_STRIDED_ARRAY_H
#define SG_CHECKPOINT_VALUES_STRIDED_ARRAY_H

#include "checkpoint/values/value_tree.h"

/*
 * Completes array->layout from its type, rank, size and stride (in elements) and checks that all
 * that the array reaches lies in the `limit` bytes of the storage from array->offset on. The fault
 * as the rest of a sentence about the array, or NULL when it is sound.
 */
const char *sg_array_check(sg_array *array, size_t limit, size_t file_size);

/* Strides of elements without gaps, the last index (or, for Fortran's order, the first) running
 * fastest. Sizes whose product overflows are left to sg_array_check. */
void sg_array_set_dense(sg_value_array *layout, bool fortran);

/* The elements in row-major order as numbers; the array was checked. */
void sg_array_read_floats(const sg_array *array, float *numbers);

/* The only element of an array of rank 0: its bits in the processor's order; as a number. */
uint64_t sg_array_scalar_bits(const sg_array *array);
double sg_array_scalar_real(const sg_array *array);

#endif
