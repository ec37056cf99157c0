/*
 * The width of vectors on this processor.
 *
 * Tested by: tests/kernels/product/test_product.c
 */
#include "kernels/vector/lanes.h"

#include <stdbool.h>

static int limit;

void sg_vector_lanes_limit(int lanes)
{
    limit = lanes;
}

/* Tells whether the processor has what SG_TARGET_8 and SG_TARGET_16 let the compiler use. */
#if defined(SG_WIDE_VECTORS) && defined(__clang__)
static bool has_v3(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static bool has_v4(void)
{
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#elif defined(SG_WIDE_VECTORS)
static bool has_v3(void)
{
    return __builtin_cpu_supports("x86-64-v3");
}

static bool has_v4(void)
{
    return __builtin_cpu_supports("x86-64-v4");
}
#endif

int sg_vector_lanes(void)
{
#ifdef SG_WIDE_VECTORS
    int most = limit > 0 ? limit : 16;
    if (most >= 16 && has_v4())
        return 16;
    if (most >= 8 && has_v3())
        return 8;
#endif
    return 4;
}
