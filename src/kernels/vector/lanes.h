/*
 * Kernels written with GCC's vectors are templates over the number of floats in a vector: included
 * once for each width, and chosen by what the processor has. A template's user defines LANES, NAME
 * and TARGET around the include.
 */
#ifndef SG_KERNELS_VECTOR_LANES_H
#define SG_KERNELS_VECTOR_LANES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SG_WIDE_VECTORS 1
#define SG_TARGET_8 __attribute__((target("arch=x86-64-v3")))
#define SG_TARGET_16 __attribute__((target("arch=x86-64-v4")))
#define SG_TARGET_AMX __attribute__((target("arch=x86-64-v4,avx512bf16,amx-tile,amx-bf16")))
#endif

/* The widest template for this processor: 16 with AVX-512, 8 with AVX2, else 4 floats. */
int sg_vector_lanes(void);

/* For tests: at most so many lanes (4, 8 or 16) from now on; 0: no limit. Packed weights are laid
 * out for the lanes in force when they are packed. */
void sg_vector_lanes_limit(int lanes);

/* Picks the variant of a template's function for `lanes`. */
#ifdef SG_WIDE_VECTORS
#define SG_LANES_CHOOSE(lanes, stem)                                                               \
    ((lanes) == 16 ? stem##_16 : (lanes) == 8 ? stem##_8 : stem##_4)
#else
#define SG_LANES_CHOOSE(lanes, stem) ((void)(lanes), stem##_4)
#endif

#endif
