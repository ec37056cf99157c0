/*
 * Max pooling as the choice of elements: the maxima of x are the elements of x where x has its
 * maxima. Choosing elements of `values` where x has its maxima, and its adjoint, which puts
 * elements back there, are each other's derivatives; neither depends on x almost everywhere.
 */
#include "ops/max_pool.h"

#include "kernels/elementwise/max_pool.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

static sg_max_pool_shape kernel_shape(const sg_tensor *x)
{
    const int64_t *size = x->shape.size;
    return (sg_max_pool_shape){size[0], size[1], size[2], size[3]};
}

static sg_shape pooled_shape(const sg_tensor *x)
{
    const int64_t *size = x->shape.size;
    return SG_SHAPE(size[0], size[1] / 2, size[2] / 2, size[3]);
}

/* Returns the elements of `values` where x, of the same shape, has its maxima. */
static sg_tensor *choose(sg_tensor *values, sg_tensor *x)
{
    sg_tensor *inputs[] = {values, x};
    if (!sg_check_inputs("max_pool", inputs, 2) || !sg_check_rank("max_pool", x, 4))
        return NULL;
    if (!sg_shape_equal(&values->shape, &x->shape))
        return sg_shape_mismatch("max_pool", values, x);
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, pooled_shape(x));
    if (!y)
        return NULL;
    const sg_max_pool_shape shape = kernel_shape(x);
    SG_BY_DTYPE(x, sg_max_pool, (&shape, sg_values(values), sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_max_pool, NULL, 0, inputs, y);
}

/* Returns zeros of the shape of x with the elements of `gradient` where x has its maxima. */
static sg_tensor *scatter(sg_tensor *gradient, sg_tensor *x)
{
    sg_tensor *inputs[] = {gradient, x};
    if (!sg_check_inputs("max_pool_scatter", inputs, 2))
        return NULL;
    const sg_shape pooled = pooled_shape(x);
    if (!sg_shape_equal(&gradient->shape, &pooled))
        return sg_shape_mismatch("max_pool_scatter", gradient, x);
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    const sg_max_pool_shape shape = kernel_shape(x);
    SG_BY_DTYPE(x, sg_max_pool_scatter, (&shape, sg_values(gradient), sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_max_pool_scatter, NULL, 0, inputs, y);
}

sg_tensor *sg_max_pool(sg_tensor *x)
{
    return choose(x, x);
}

static void backward_max_pool(sg_backward *call)
{
    if (call->wanted[0])
        call->results[0] = scatter(call->gradient, call->inputs[1]);
}

const sg_op sg_op_max_pool = {"max_pool", 2, {SG_READS_INPUT(1), 0}, backward_max_pool};

static void backward_max_pool_scatter(sg_backward *call)
{
    if (call->wanted[0])
        call->results[0] = choose(call->gradient, call->inputs[1]);
}

const sg_op sg_op_max_pool_scatter = {
    "max_pool_scatter", 2, {SG_READS_INPUT(1), 0}, backward_max_pool_scatter};
