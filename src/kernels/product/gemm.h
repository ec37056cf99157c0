/* Row-major matrix products of single precision with strides. */
#ifndef SG_KERNELS_PRODUCT_GEMM_H
#define SG_KERNELS_PRODUCT_GEMM_H

#include <stdbool.h>
#include <stdint.h>

#include "stylegan.h"

/*
 * c[rows, columns] = alpha * op(a)[rows, inner] op(b)[inner, columns] + beta * c; op transposes
 * where its flag is set. A stride is the distance between rows as they lie in memory, in floats.
 */
typedef struct sg_gemm {
    bool transpose_a, transpose_b;
    int64_t rows, columns, inner;
    float alpha, beta; /* beta 0 does not read c */
    const float *a, *b;
    float *c; /* overlaps neither a nor b */
    int64_t a_stride, b_stride, c_stride;
} sg_gemm;

/* Multiplies by oneDNN, or in builds without it by sg_gemm_tiles_f32. Fails with SG_ERROR_MEMORY or
 * SG_ERROR_LIBRARY. */
sg_status sg_gemm_f32(const sg_gemm *product);

/* Multiplies by the kernel of packed panels (product.h). Sums are split alike for every number of
 * threads. Fails with SG_ERROR_MEMORY. */
sg_status sg_gemm_tiles_f32(const sg_gemm *product);

#endif
