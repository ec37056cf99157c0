/*
 * Kernels written with GCC's vectors are templates over the number of floats in a vector, included
 * once for each width (each_width.inc); the processor decides which variant runs.
 */
#ifndef SG_KERNELS_VECTOR_LANES_H
#define SG_KERNELS_VECTOR_LANES_H

#if defined(__x86_64__) && defined(__GNUC__)
#define SG_WIDE_VECTORS 1
#ifdef __clang__ /* version 14 cannot ask whether a processor has a whole level */
#define SG_TARGET_8 __attribute__((target("avx2,fma,bmi,bmi2")))
#define SG_TARGET_16 __attribute__((target("avx2,fma,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl")))
#define SG_TARGET_AMX                                                                              \
    __attribute__((target(                                                                         \
        "avx2,fma,bmi,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,amx-tile,amx-bf16")))
#else
#define SG_TARGET_8 __attribute__((target("arch=x86-64-v3")))
#define SG_TARGET_16 __attribute__((target("arch=x86-64-v4")))
#define SG_TARGET_AMX __attribute__((target("arch=x86-64-v4,avx512bf16,amx-tile,amx-bf16")))
#endif
#endif

/* Returns the widest vectors of this processor: 16 floats with AVX-512, 8 with AVX2, otherwise 4.
 */
int sg_vector_lanes(void);

/* Limits vectors to `lanes` (4, 8 or 16) from now on; 0: no limit. For tests. Packed weights are
 * laid out for the lanes at the time of packing. */
void sg_vector_lanes_limit(int lanes);

/* Selects the variant of a template's function for `lanes`. */
#ifdef SG_WIDE_VECTORS
#define SG_LANES_CHOOSE(lanes, stem)                                                               \
    ((lanes) == 16 ? stem##_16 : (lanes) == 8 ? stem##_8 : stem##_4)
#else
#define SG_LANES_CHOOSE(lanes, stem) ((void)(lanes), stem##_4)
#endif

#endif
