/*
 * The parametric rectifier. Its gradient by x is linear in what comes back and constant in x almost
 * everywhere; the gradient by the slope sums what comes back times min(x, 0).
 *
 * Tested by: tests/ops/test_op_table.c
 */
#include "ops/prelu.h"

#include "kernels/elementwise/activation.h"
#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"
#include "ops/reduce.h"

/* Computes u where x is positive, otherwise u * slope; NULL on failure. */
static sg_tensor *select_slope(const char *op, sg_tensor *u, sg_tensor *x, sg_tensor *slope)
{
    if (!sg_check_inputs(op, (sg_tensor *[]){u, x, slope}, 3))
        return NULL;
    const int64_t channels = x->shape.rank ? x->shape.size[x->shape.rank - 1] : 1;
    if (!sg_shape_equal(&u->shape, &x->shape))
        return sg_shape_mismatch(op, u, x);
    if (slope->shape.rank != 1 || slope->shape.size[0] != channels)
        return sg_shape_mismatch(op, x, slope);
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    const int64_t pixels = channels ? sg_tensor_count(x) / channels : 0;
    SG_BY_DTYPE(x, sg_prelu,
                (pixels, channels, sg_values(u), sg_values(x), sg_values(slope), sg_values(y)));
    return y;
}

sg_tensor *sg_prelu(sg_tensor *x, sg_tensor *slope)
{
    sg_tensor *y = select_slope("prelu", x, x, slope);
    return y ? sg_tape_record(&sg_op_prelu, NULL, 0, (sg_tensor *[]){x, slope}, y) : NULL;
}

sg_tensor *sg_prelu_gradient(sg_tensor *gradient, sg_tensor *x, sg_tensor *slope)
{
    sg_tensor *y = select_slope("prelu_gradient", gradient, x, slope);
    return y ? sg_tape_record(&sg_op_prelu_gradient, NULL, 0, (sg_tensor *[]){gradient, x, slope},
                              y)
             : NULL;
}

/* Returns min(x, 0). */
static sg_tensor *negative_part(sg_tensor *x)
{
    return sg_subtract(x, sg_bias_act(x, NULL, NULL, NULL, sg_bias_act_without_gain(SG_RELU)));
}

static void backward_prelu(sg_backward *call)
{
    if (call->wanted[0])
        call->results[0] = sg_prelu_gradient(call->gradient, call->inputs[0], call->inputs[1]);
    if (call->wanted[1])
        call->results[1] =
            sg_sum_product(call->gradient, negative_part(call->inputs[0]), call->input_shapes[1]);
}

const sg_op sg_op_prelu = {
    "prelu", 2, {SG_READS_INPUT(0) | SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_prelu};

/* The op is u * slope left of zero: its gradient by the slope is that of u * [x < 0]. */
static void backward_prelu_gradient(sg_backward *call)
{
    sg_tensor *x = call->inputs[1];
    if (call->wanted[0])
        call->results[0] = sg_prelu_gradient(call->gradient, x, call->inputs[2]);
    if (call->wanted[2]) {
        sg_tensor *left = sg_affine(sg_activate(sg_tensor_detach(x), SG_RELU, 0, 1), -1, 1);
        call->results[2] = sg_sum_product(sg_multiply(call->gradient, left), call->inputs[0],
                                          call->input_shapes[2]);
    }
}

const sg_op sg_op_prelu_gradient = {
    "prelu_gradient",
    3,
    {SG_READS_INPUT(1) | SG_READS_INPUT(2), 0, SG_READS_INPUT(0) | SG_READS_INPUT(1)},
    backward_prelu_gradient};
