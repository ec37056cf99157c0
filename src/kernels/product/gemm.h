/* Row-major matrix products of single precision with strides, by oneDNN. */
#ifndef SG_KERNELS_PRODUCT_GEMM_H
#define SG_KERNELS_PRODUCT_GEMM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * c[rows, columns] = alpha * op(a)[rows, inner] op(b)[inner, columns] + beta * c; op transposes
 * where its flag is set. A stride is the distance between rows as they lie in memory, in floats.
 */
typedef struct sg_gemm {
    bool transpose_a, transpose_b;
    int64_t rows, columns, inner;
    float alpha, beta;
    const float *a, *b;
    float *c; /* overlaps neither a nor b */
    int64_t a_stride, b_stride, c_stride;
} sg_gemm;

/* Multiplies; returns 0, or oneDNN's status when it fails. */
int sg_gemm_f32(const sg_gemm *product);

#endif
