/* Matrix products: sgemm of oneDNN, and the definition for both types. */
#include "kernels/product/matmul.h"

#include <oneapi/dnnl/dnnl.h>
#include <string.h>

#include "base/threads/thread_team.h"

bool sg_matmul_f32(const sg_matmul_shape *shape, const float *a, const float *b, float *c)
{
    if (shape->rows == 0 || shape->columns == 0)
        return true;
    if (shape->inner == 0) {
        memset(c, 0, (size_t)(shape->rows * shape->columns) * sizeof *c);
        return true;
    }
    const double work = (double)shape->rows * (double)shape->columns * (double)shape->inner;
    const int before = sg_team_before_openmp(work);
    dnnl_status_t status = dnnl_sgemm(
        shape->transpose_a ? 'T' : 'N', shape->transpose_b ? 'T' : 'N', shape->rows, shape->columns,
        shape->inner, (float)shape->alpha, a, shape->transpose_a ? shape->rows : shape->inner, b,
        shape->transpose_b ? shape->inner : shape->columns, 0.0f, c, shape->columns);
    sg_team_after_openmp(before);
    return status == dnnl_success;
}

#define TEMPLATE "kernels/product/matmul.inc"
#include "kernels/vector/each_real.inc"
