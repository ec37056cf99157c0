/* Matrix products; their gradients are matrix products. */
#include "ops/matmul.h"

#include "kernels/product/matmul.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

typedef struct matmul_attributes {
    double alpha;
    bool transpose_a, transpose_b;
} matmul_attributes;

sg_tensor *sg_matmul(sg_tensor *a, bool transpose_a, sg_tensor *b, bool transpose_b, double alpha)
{
    sg_tensor *inputs[] = {a, b};
    if (!sg_check_inputs("matmul", inputs, 2) || !sg_check_rank("matmul", a, 2) ||
        !sg_check_rank("matmul", b, 2))
        return NULL;
    sg_matmul_shape shape = {.rows = a->shape.size[transpose_a ? 1 : 0],
                             .columns = b->shape.size[transpose_b ? 0 : 1],
                             .inner = a->shape.size[transpose_a ? 0 : 1],
                             .transpose_a = transpose_a,
                             .transpose_b = transpose_b,
                             .alpha = alpha};
    if (b->shape.size[transpose_b ? 1 : 0] != shape.inner)
        return sg_shape_mismatch("matmul", a, b);
    sg_tensor *c = sg_tensor_create(a->context, a->dtype, SG_SHAPE(shape.rows, shape.columns));
    if (!c)
        return NULL;
    sg_status status = SG_OK;
    a->context->multiply_adds += shape.rows * shape.columns * shape.inner;
    if (!sg_takes_fast_kernels(a))
        SG_BY_DTYPE(a, sg_matmul_reference, (&shape, sg_values(a), sg_values(b), sg_values(c)));
    else if (!sg_is_hollow(a->context))
        status = sg_matmul_f32(&shape, sg_f32(a), sg_f32(b), sg_f32(c));
    if (status)
        return sg_kernel_failed("matmul", a->context, status);
    matmul_attributes attributes = {alpha, transpose_a, transpose_b};
    return sg_tape_record(&sg_op_matmul, &attributes, sizeof attributes, inputs, c);
}

/* With C = op(A) op(B): d op(A) = dC op(B)^T, transposed if A was; likewise for B. */
static void backward_matmul(sg_backward *call)
{
    const matmul_attributes *at = call->attributes;
    sg_tensor *a = call->inputs[0];
    sg_tensor *b = call->inputs[1];
    sg_tensor *g = call->gradient;
    if (call->wanted[0])
        call->results[0] = at->transpose_a ? sg_matmul(b, at->transpose_b, g, true, at->alpha)
                                           : sg_matmul(g, false, b, !at->transpose_b, at->alpha);
    if (call->wanted[1])
        call->results[1] = at->transpose_b ? sg_matmul(g, true, a, at->transpose_a, at->alpha)
                                           : sg_matmul(a, !at->transpose_a, g, false, at->alpha);
}

const sg_op sg_op_matmul = {"matmul", 2, {SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_matmul};
