/* Matrix products, row-major: oneDNN's for float, plain loops for double. */
#ifndef SG_KERNELS_PRODUCT_MATMUL_H
#define SG_KERNELS_PRODUCT_MATMUL_H

#include <stdbool.h>
#include <stdint.h>

/* c[rows, columns] = alpha * op(a)[rows, inner] op(b)[inner, columns]; op transposes a or b when
 * asked. */
typedef struct sg_matmul_shape {
    int64_t rows, columns, inner;
    bool transpose_a, transpose_b;
    double alpha;
} sg_matmul_shape;

/* oneDNN's sgemm; false when it fails. c must not overlap a or b. */
bool sg_matmul_f32(const sg_matmul_shape *shape, const float *a, const float *b, float *c);

/* Plain loops, the reference for the above and the only path for double. */
void sg_matmul_reference_f32(const sg_matmul_shape *shape, const float *a, const float *b,
                             float *c);
void sg_matmul_reference_f64(const sg_matmul_shape *shape, const double *a, const double *b,
                             double *c);

#endif
