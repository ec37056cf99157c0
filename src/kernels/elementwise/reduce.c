/* Sums in fixed chunks; see reduce.h for why results do not depend on threads. */
#include "kernels/elementwise/reduce.h"

#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

/* About as many elements are in a chunk: enough for a task, few enough for accurate float sums. */
enum { CHUNK_ELEMENTS = 8192, BLOCK_ROWS = 64 };

/* Returns the rows of a chunk, which depend on the shape alone. */
static int64_t chunk_rows(int64_t reduced, int64_t inner)
{
    int64_t rows = CHUNK_ELEMENTS / inner;
    if (rows < BLOCK_ROWS)
        rows = BLOCK_ROWS;
    return rows < reduced ? rows : reduced;
}

static int64_t chunk_count(int64_t reduced, int64_t inner)
{
    if (reduced == 0 || inner == 0)
        return 0;
    int64_t rows = chunk_rows(reduced, inner);
    return (reduced + rows - 1) / rows;
}

size_t sg_sum_scratch_bytes(int64_t outer, int64_t reduced, int64_t inner)
{
    /* Each chunk has a row of doubles, followed by a row of floats for a block's sums. */
    return (size_t)(outer * chunk_count(reduced, inner) * inner) * 2 * sizeof(double) +
           sizeof(double);
}

#define TEMPLATE "kernels/elementwise/reduce.inc"
#include "kernels/vector/each_real.inc"
