/* Layer normalisation: one kernel forward, plain ops backward. */
#include "ops/transformer/layer_norm.h"

#include "kernels/transformer/layer_norm.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"
#include "ops/reduce.h"

sg_tensor *sg_layer_norm(sg_tensor *x, sg_tensor *weight, sg_tensor *bias, double epsilon)
{
    sg_tensor *inputs[] = {x, weight, bias};
    if (!sg_check_inputs("layer_norm", inputs, 3) ||
        !sg_check_axis("layer_norm", x, x->shape.rank - 1))
        return NULL;
    const int64_t columns = x->shape.size[x->shape.rank - 1];
    const sg_shape row = SG_SHAPE(columns);
    if (!sg_shape_equal(&weight->shape, &row) || !sg_shape_equal(&bias->shape, &row))
        return sg_shape_mismatch("layer_norm", x,
                                 sg_shape_equal(&weight->shape, &row) ? bias : weight);
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    const int64_t rows = columns > 0 ? sg_tensor_count(x) / columns : 0;
    SG_BY_DTYPE(
        x, sg_layer_norm,
        (rows, columns, epsilon, sg_values(x), sg_values(weight), sg_values(bias), sg_values(y)));
    return sg_tape_record(&sg_op_layer_norm, &epsilon, sizeof epsilon, inputs, y);
}

/* Returns the row's values as `shape` with a last axis of 1. */
static sg_shape one_per_row(sg_shape shape)
{
    shape.size[shape.rank - 1] = 1;
    return shape;
}

/*
 * With n = (x - mean) r, r = 1 / sqrt(variance + epsilon) and h = dy weight:
 * dx = r (h - mean(h) - n mean(h n)), dweight = sum of dy n, dbias = sum of dy.
 */
static void backward_layer_norm(sg_backward *call)
{
    sg_tensor *g = call->gradient;
    const sg_shape columns = call->input_shapes[1];
    if (call->wanted[2])
        call->results[2] = sg_sum(g, columns);
    if (!call->wanted[0] && !call->wanted[1])
        return;
    sg_tensor *x = call->inputs[0];
    const sg_shape rows = one_per_row(call->input_shapes[0]);
    const double share = 1 / (double)(columns.size[0] > 0 ? columns.size[0] : 1);
    const double epsilon = *(const double *)call->attributes;
    sg_tensor *centred = sg_subtract(x, sg_mean(x, rows));
    sg_tensor *variance = sg_affine(sg_sum_product(centred, centred, rows), share, epsilon);
    sg_tensor *scale = sg_power(variance, -0.5);
    sg_tensor *normal = sg_multiply(centred, scale);
    if (call->wanted[1])
        call->results[1] = sg_sum_product(g, normal, columns);
    if (!call->wanted[0])
        return;
    sg_tensor *h = sg_multiply(g, call->inputs[1]);
    sg_tensor *along = sg_affine(sg_sum_product(h, normal, rows), share, 0);
    sg_tensor *rest = sg_subtract(sg_subtract(h, sg_mean(h, rows)), sg_multiply(normal, along));
    call->results[0] = sg_multiply(rest, scale);
}

const sg_op sg_op_layer_norm = {"layer_norm",
                                3,
                                {SG_READS_INPUT(0) | SG_READS_INPUT(1), SG_READS_INPUT(0), 0},
                                backward_layer_norm};
