/*
 * One binary for every processor: a function marked SG_VECTORISED is compiled for several vector
 * widths and the right one is chosen when the program starts. SG_INLINE functions called from it
 * are compiled along with it. Builds with sanitizers take the portable code.
 */
#ifndef SG_KERNELS_VECTOR_VECTORISE_H
#define SG_KERNELS_VECTOR_VECTORISE_H

#if defined(__x86_64__) && defined(__clang__) && !defined(SG_NO_TARGET_CLONES)
/* clang compares the names of levels and processors with the processor's own; features it looks up.
 */
#define SG_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#elif defined(__x86_64__) && defined(__GNUC__) && !defined(SG_NO_TARGET_CLONES)
#define SG_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SG_VECTORISED
#endif

#define SG_INLINE static inline __attribute__((always_inline))
#define SG_NOINLINE static __attribute__((noinline))

#endif
