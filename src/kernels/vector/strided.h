/*
 * Loops over arrays of the same logical shape, each with its own strides (0 broadcasts). Adjacent
 * dimensions that every operand passes evenly are merged, so that most loops become one.
 */
#ifndef SG_KERNELS_VECTOR_STRIDED_H
#define SG_KERNELS_VECTOR_STRIDED_H

#include <stddef.h>
#include <stdint.h>

#define SG_STRIDED_RANK 6
#define SG_STRIDED_OPERANDS 2

/* Sizes, outermost first, and each operand's strides in elements. The result is always dense. */
typedef struct sg_strided {
    int rank;
    int64_t size[SG_STRIDED_RANK];
    int64_t stride[SG_STRIDED_OPERANDS][SG_STRIDED_RANK];
    int operands;
} sg_strided;

/* Drops dimensions of size 1 and merges others where possible; at least one dimension remains. */
void sg_strided_collapse(sg_strided *loop);

/* Returns the number of elements. */
int64_t sg_strided_count(const sg_strided *loop);

/* A position in a loop, advanced along its rows (the innermost dimension). */
typedef struct sg_strided_walk {
    int64_t index[SG_STRIDED_RANK];
    int64_t offset[SG_STRIDED_OPERANDS]; /* of the current element, in elements */
} sg_strided_walk;

/* Moves the walk to flat element `at`. */
void sg_strided_start(const sg_strided *loop, int64_t at, sg_strided_walk *walk);

/* Advances by `count` elements, which must not pass the end of the current row. */
void sg_strided_advance(const sg_strided *loop, int64_t count, sg_strided_walk *walk);

/* Returns the elements left in the current row, at most `limit`. */
int64_t sg_strided_row_left(const sg_strided *loop, const sg_strided_walk *walk, int64_t limit);

#endif
