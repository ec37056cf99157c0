/* Matrix products: the fast one of floats, and the definition for both types. */
#include "kernels/product/matmul.h"

#include <string.h>

#include "kernels/product/gemm.h"

sg_status sg_matmul_f32(const sg_matmul_shape *shape, const float *a, const float *b, float *c)
{
    if (shape->rows == 0 || shape->columns == 0)
        return SG_OK;
    if (shape->inner == 0) {
        memset(c, 0, (size_t)(shape->rows * shape->columns) * sizeof *c);
        return SG_OK;
    }
    const sg_gemm product = {
        .transpose_a = shape->transpose_a,
        .transpose_b = shape->transpose_b,
        .rows = shape->rows,
        .columns = shape->columns,
        .inner = shape->inner,
        .alpha = (float)shape->alpha,
        .a = a,
        .b = b,
        .c = c,
        .a_stride = shape->transpose_a ? shape->rows : shape->inner,
        .b_stride = shape->transpose_b ? shape->inner : shape->columns,
        .c_stride = shape->columns,
    };
    return sg_gemm_f32(&product);
}

#define TEMPLATE "kernels/product/matmul.inc"
#include "kernels/vector/each_real.inc"
