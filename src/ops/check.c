/*
 * Checks and strides shared by the ops.
 *
 * Tested by: tests/ops/test_arithmetic.c
 */
#include "ops/check.h"

bool sg_check_inputs(const char *op, sg_tensor *const *inputs, int count)
{
    for (int i = 0; i < count; i++)
        if (!inputs[i])
            return false;
    for (int i = 0; i < count; i++) {
        if (inputs[i]->dtype == inputs[0]->dtype && inputs[i]->dtype != SG_BF16)
            continue;
        sg_context_fail(inputs[0]->context, SG_ERROR_SHAPE,
                        "%s: its inputs have different or unsupported element types", op);
        return false;
    }
    return true;
}

sg_tensor *sg_create_like(const char *op, sg_tensor *const *inputs, int count)
{
    if (!sg_check_inputs(op, inputs, count))
        return NULL;
    return sg_tensor_create(inputs[0]->context, inputs[0]->dtype, inputs[0]->shape);
}

bool sg_check_rank(const char *op, const sg_tensor *tensor, int rank)
{
    if (!tensor)
        return false;
    if (tensor->shape.rank == rank)
        return true;
    char text[160];
    sg_context_fail(tensor->context, SG_ERROR_SHAPE, "%s: expected %d dimensions, found %s", op,
                    rank, sg_shape_print(&tensor->shape, text));
    return false;
}

bool sg_check_axis(const char *op, const sg_tensor *tensor, int axis)
{
    if (axis >= 0 && axis < tensor->shape.rank)
        return true;
    char text[160];
    sg_context_fail(tensor->context, SG_ERROR_SHAPE, "%s: a tensor of shape %s has no axis %d", op,
                    sg_shape_print(&tensor->shape, text), axis);
    return false;
}

sg_tensor *sg_shape_mismatch(const char *op, const sg_tensor *a, const sg_tensor *b)
{
    char first[160];
    char second[160];
    return sg_context_fail(a->context, SG_ERROR_SHAPE, "%s: the shapes %s and %s do not fit", op,
                           sg_shape_print(&a->shape, first), sg_shape_print(&b->shape, second));
}

sg_tensor *sg_kernel_failed(const char *op, sg_context *context, sg_status status)
{
    return status == SG_ERROR_MEMORY ? sg_context_fail_memory(context, "%s", op)
                                     : sg_context_fail(context, status, "%s: a kernel failed", op);
}

void sg_dense_strides(const sg_shape *shape, int64_t *strides)
{
    int64_t stride = 1;
    for (int d = shape->rank - 1; d >= 0; d--) {
        strides[d] = shape->size[d] == 1 ? 0 : stride;
        stride *= shape->size[d];
    }
}

void sg_broadcast_operand(const sg_shape *shape, const sg_shape *out, int64_t *strides)
{
    int64_t own[SG_MAX_RANK];
    int missing = out->rank - shape->rank;
    sg_dense_strides(shape, own);
    for (int d = 0; d < out->rank; d++)
        strides[d] = d < missing ? 0 : own[d - missing];
}
