/*
 * Matrix products by oneDNN's sgemm.
 * Tested by: tests/kernels/product/test_matmul.c, tests/kernels/convolution/test_gemm.c
 */
#include "kernels/product/gemm.h"

#include <math.h>

#include "kernels/onednn/onednn.h"

/*
 * Multiply-adds, or infinite where oneDNN may split a sum by threads, as it does where `inner` is
 * long beside the result: the number of threads that is set must decide alone how sums are split
 * (docs/reproducibility.md).
 */
static double work_of(const sg_gemm *p)
{
    const bool has_whole_sums = !p->transpose_a && (p->rows == 1 || 4 * p->inner <= p->rows);
    return has_whole_sums ? (double)p->rows * (double)p->columns * (double)p->inner : INFINITY;
}

static dnnl_status_t multiply(void *job)
{
    const sg_gemm *p = job;
    return dnnl_sgemm(p->transpose_a ? 'T' : 'N', p->transpose_b ? 'T' : 'N', p->rows, p->columns,
                      p->inner, p->alpha, p->a, p->a_stride, p->b, p->b_stride, p->beta, p->c,
                      p->c_stride);
}

sg_status sg_gemm_f32(const sg_gemm *p)
{
    sg_gemm job = *p;
    return sg_onednn_call(work_of(p), 0, multiply, &job);
}
