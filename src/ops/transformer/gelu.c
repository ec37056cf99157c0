/* Gaussian error linear units, whose derivatives are units of a higher order. */
#include "ops/transformer/gelu.h"

#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

typedef struct gelu_attributes {
    sg_gelu_kind kind;
    int order;
} gelu_attributes;

sg_tensor *sg_gelu(sg_tensor *x, sg_gelu_kind kind, int order)
{
    sg_tensor *y = sg_create_like("gelu", &x, 1);
    if (!y)
        return NULL;
    if (order < 0 || order > SG_GELU_MAX_ORDER)
        return sg_context_fail(x->context, SG_ERROR_ARGUMENT,
                               "gelu: the derivative of order %d is not known", order);
    const int64_t count = sg_tensor_count(x);
    if (x->dtype == SG_F32 && x->context->reference_kernels)
        sg_gelu_reference_f32(kind, order, count, sg_f32(x), sg_f32(y));
    else
        SG_BY_DTYPE(x, sg_gelu, (kind, order, count, sg_values(x), sg_values(y)));
    const gelu_attributes attributes = {kind, order};
    return sg_tape_record(&sg_op_gelu, &attributes, sizeof attributes, &x, y);
}

static void backward_gelu(sg_backward *call)
{
    const gelu_attributes *at = call->attributes;
    call->results[0] =
        sg_multiply(call->gradient, sg_gelu(call->inputs[0], at->kind, at->order + 1));
}

const sg_op sg_op_gelu = {"gelu", 1, {SG_READS_INPUT(0)}, backward_gelu};
