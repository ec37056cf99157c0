/*
 * The width of vectors on this processor.
 *
 * Tested by: tests/kernels/product/test_product.c
 */
#include "kernels/vector/lanes.h"

static int limit;

void sg_vector_lanes_limit(int lanes)
{
    limit = lanes;
}

int sg_vector_lanes(void)
{
#ifdef SG_WIDE_VECTORS
    int most = limit > 0 ? limit : 16;
    if (most >= 16 && __builtin_cpu_supports("x86-64-v4"))
        return 16;
    if (most >= 8 && __builtin_cpu_supports("x86-64-v3"))
        return 8;
#endif
    return 4;
}
