/*
 * Kernels written with GCC's vectors are templates over the number of floats in a vector: included
 * once for each width, and chosen by what the processor has. A template's user defines LANES, NAME
 * and TARGET around the include.
 */
#ifndef SG_KERNELS_LANES_H
#define SG_KERNELS_LANES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SG_WIDE_VECTORS 1
#define SG_TARGET_8 __attribute__((target("arch=x86-64-v3")))
#define SG_TARGET_16 __attribute__((target("arch=x86-64-v4")))
#define SG_TARGET_AMX __attribute__((target("arch=x86-64-v4,avx512bf16,amx-tile,amx-bf16")))
#endif

/* The widest template for this processor: 16 with AVX-512, 8 with AVX2, else 4 floats. */
static inline int sg_vector_lanes(void)
{
#ifdef SG_WIDE_VECTORS
    if (__builtin_cpu_supports("x86-64-v4"))
        return 16;
    if (__builtin_cpu_supports("x86-64-v3"))
        return 8;
#endif
    return 4;
}

/* Picks the variant of a template's function for `lanes`. */
#ifdef SG_WIDE_VECTORS
#define SG_LANES_CHOOSE(lanes, stem)                                                               \
    ((lanes) == 16 ? stem##_16 : (lanes) == 8 ? stem##_8 : stem##_4)
#else
#define SG_LANES_CHOOSE(lanes, stem) ((void)(lanes), stem##_4)
#endif

#endif
