/* Row-major matrix products: by gemm.h for float, in plain loops for double. */
#ifndef SG_KERNELS_PRODUCT_MATMUL_H
#define SG_KERNELS_PRODUCT_MATMUL_H

#include <stdbool.h>
#include <stdint.h>

#include "stylegan.h"

/* c[rows, columns] = alpha * op(a)[rows, inner] op(b)[inner, columns]; op transposes where its flag
 * is set. */
typedef struct sg_matmul_shape {
    int64_t rows, columns, inner;
    bool transpose_a, transpose_b;
    double alpha;
} sg_matmul_shape;

/* Multiplies; fails as sg_gemm_f32 does. c must not overlap a or b. */
sg_status sg_matmul_f32(const sg_matmul_shape *shape, const float *a, const float *b, float *c);

/* Multiplies in plain loops: the reference for sg_matmul_f32, and the only kernel for double. */
void sg_matmul_reference_f32(const sg_matmul_shape *shape, const float *a, const float *b,
                             float *c);
void sg_matmul_reference_f64(const sg_matmul_shape *shape, const double *a, const double *b,
                             double *c);

#endif
