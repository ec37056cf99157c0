/*
 * Loops over strided arrays: merging of dimensions, and walks along rows from any element on.
 *
 * Tested by: tests/kernels/elementwise/test_elementwise.c
 */
#include "kernels/vector/strided.h"

#include <stdbool.h>
#include <string.h>

#include "kernels/vector/integers.h"

/* True if dimension `inner` continues dimension `outer` evenly for every operand. */
static bool mergeable(const sg_strided *loop, int outer, int inner)
{
    for (int k = 0; k < loop->operands; k++)
        if (loop->stride[k][outer] != loop->stride[k][inner] * loop->size[inner])
            return false;
    return true;
}

static void copy_dimension(sg_strided *loop, int to, int from)
{
    loop->size[to] = loop->size[from];
    for (int k = 0; k < loop->operands; k++)
        loop->stride[k][to] = loop->stride[k][from];
}

void sg_strided_collapse(sg_strided *loop)
{
    int rank = 0;
    for (int d = 0; d < loop->rank; d++) {
        if (loop->size[d] == 1)
            continue;
        if (rank && mergeable(loop, rank - 1, d)) {
            int64_t merged = loop->size[rank - 1] * loop->size[d];
            copy_dimension(loop, rank - 1, d);
            loop->size[rank - 1] = merged;
            continue;
        }
        copy_dimension(loop, rank++, d);
    }
    if (rank == 0) {
        loop->size[0] = 1;
        for (int k = 0; k < loop->operands; k++)
            loop->stride[k][0] = 1;
        rank = 1;
    }
    loop->rank = rank;
}

int64_t sg_strided_count(const sg_strided *loop)
{
    int64_t count = 1;
    for (int d = 0; d < loop->rank; d++)
        count *= loop->size[d];
    return count;
}

void sg_strided_start(const sg_strided *loop, int64_t at, sg_strided_walk *walk)
{
    memset(walk, 0, sizeof *walk);
    for (int d = loop->rank - 1; d >= 0; d--) {
        walk->index[d] = at % loop->size[d];
        at /= loop->size[d];
        for (int k = 0; k < loop->operands; k++)
            walk->offset[k] += walk->index[d] * loop->stride[k][d];
    }
}

void sg_strided_advance(const sg_strided *loop, int64_t count, sg_strided_walk *walk)
{
    int d = loop->rank - 1;
    walk->index[d] += count;
    for (int k = 0; k < loop->operands; k++)
        walk->offset[k] += count * loop->stride[k][d];
    for (; d > 0 && walk->index[d] == loop->size[d]; d--) {
        walk->index[d] = 0;
        walk->index[d - 1]++;
        for (int k = 0; k < loop->operands; k++)
            walk->offset[k] += loop->stride[k][d - 1] - loop->size[d] * loop->stride[k][d];
    }
}

int64_t sg_strided_row_left(const sg_strided *loop, const sg_strided_walk *walk, int64_t limit)
{
    return sg_least(loop->size[loop->rank - 1] - walk->index[loop->rank - 1], limit);
}
