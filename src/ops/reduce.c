/* Reductions: a general sum is a sequence of sums over one run of dimensions each. */
#include "ops/reduce.h"

#include "kernels/elementwise/elementwise.h"
#include "kernels/elementwise/reduce.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

/* True if dimension d of `from` is summed over. */
static bool is_reduced(const sg_shape *from, const sg_shape *to, int d)
{
    int missing = from->rank - to->rank;
    return from->size[d] != 1 && (d < missing || to->size[d - missing] == 1);
}

/* True if `from` can be summed to `to`. */
static bool can_reduce(const sg_shape *from, const sg_shape *to)
{
    int missing = from->rank - to->rank;
    if (missing < 0)
        return false;
    for (int d = missing; d < from->rank; d++)
        if (to->size[d - missing] != 1 && to->size[d - missing] != from->size[d])
            return false;
    return true;
}

/* Finds the last run of reduced dimensions, `first` to `last`; false when nothing is left. */
static bool last_run(const sg_shape *from, const sg_shape *to, int *first, int *last)
{
    int d = from->rank - 1;
    while (d >= 0 && !is_reduced(from, to, d))
        d--;
    *last = d;
    if (d < 0)
        return false;
    while (d > 0 && (is_reduced(from, to, d - 1) || from->size[d - 1] == 1))
        d--;
    *first = d;
    return true;
}

/* Sums one run of dimensions of x (times `factor`) to size 1. */
static sg_tensor *sum_run(const sg_tensor *x, const sg_tensor *factor, int first, int last)
{
    int64_t outer = 1;
    int64_t reduced = 1;
    int64_t inner = 1;
    sg_shape shape = x->shape;
    for (int d = 0; d < shape.rank; d++) {
        if (d < first)
            outer *= shape.size[d];
        else if (d > last)
            inner *= shape.size[d];
        else
            reduced *= shape.size[d];
        if (d >= first && d <= last)
            shape.size[d] = 1;
    }
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, shape);
    void *scratch = sg_pool_scratch(x->context->pool, sg_sum_scratch_bytes(outer, reduced, inner));
    if (y && !scratch)
        y = sg_context_fail_memory(x->context, "a sum");
    if (y)
        SG_BY_DTYPE(
            x, sg_sum,
            (outer, reduced, inner, sg_values(x), sg_values(factor), sg_values(y), scratch));
    return y;
}

/* Sums x (times `factor` of the same shape) to `shape`, off the tape. */
static sg_tensor *reduce(const sg_tensor *x, const sg_tensor *factor, sg_shape shape)
{
    int first;
    int last;
    const sg_tensor *sum = x;
    while (last_run(&sum->shape, &shape, &first, &last)) {
        sum = sum_run(sum, factor, first, last);
        factor = NULL;
        if (!sum)
            return NULL;
    }
    return sg_tensor_view(sum, shape);
}

sg_tensor *sg_sum(sg_tensor *x, sg_shape shape)
{
    if (!sg_check_inputs("sum", &x, 1) || sg_shape_equal(&x->shape, &shape))
        return x;
    if (!can_reduce(&x->shape, &shape)) {
        char from[160];
        char to[160];
        return sg_context_fail(x->context, SG_ERROR_SHAPE, "sum: %s cannot be summed to %s",
                               sg_shape_print(&x->shape, from), sg_shape_print(&shape, to));
    }
    size_t scope = sg_scope_open(x->context);
    sg_tensor *y = sg_scope_close(x->context, scope, reduce(x, NULL, shape));
    return sg_tape_record(&sg_op_sum, NULL, 0, &x, y);
}

sg_tensor *sg_mean(sg_tensor *x, sg_shape shape)
{
    if (!x)
        return NULL;
    int64_t kept = sg_shape_count(&shape);
    int64_t count = sg_tensor_count(x);
    return sg_affine(sg_sum(x, shape), count ? (double)kept / (double)count : 0, 0);
}

sg_tensor *sg_mean_all(sg_tensor *x)
{
    return sg_mean(x, sg_shape_of(0, NULL));
}

static void backward_sum(sg_backward *call)
{
    call->results[0] = sg_broadcast(call->gradient, call->input_shapes[0]);
}

const sg_op sg_op_sum = {"sum", 1, {0}, backward_sum};

sg_tensor *sg_sum_product(sg_tensor *a, sg_tensor *b, sg_shape shape)
{
    sg_tensor *inputs[] = {a, b};
    if (!sg_check_inputs("sum_product", inputs, 2))
        return NULL;
    int first;
    int last;
    if (!sg_shape_equal(&a->shape, &b->shape) || !last_run(&a->shape, &shape, &first, &last))
        return sg_sum(sg_multiply(a, b), shape);
    if (!can_reduce(&a->shape, &shape))
        return sg_shape_mismatch("sum_product", a, b);
    size_t scope = sg_scope_open(a->context);
    sg_tensor *y = sg_scope_close(a->context, scope, reduce(a, b, shape));
    return sg_tape_record(&sg_op_sum_product, NULL, 0, inputs, y);
}

/* The gradient broadcasts to the shape of the other factor. */
static void backward_sum_product(sg_backward *call)
{
    for (int i = 0; i < 2; i++)
        if (call->wanted[i])
            call->results[i] = sg_multiply(call->inputs[1 - i], call->gradient);
}

const sg_op sg_op_sum_product = {
    "sum_product", 2, {SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_sum_product};

sg_tensor *sg_broadcast(sg_tensor *x, sg_shape shape)
{
    if (!sg_check_inputs("broadcast", &x, 1) || sg_shape_equal(&x->shape, &shape))
        return x;
    if (!can_reduce(&shape, &x->shape)) {
        char from[160];
        char to[160];
        return sg_context_fail(x->context, SG_ERROR_SHAPE, "broadcast: %s does not stretch to %s",
                               sg_shape_print(&x->shape, from), sg_shape_print(&shape, to));
    }
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, shape);
    if (!y)
        return NULL;
    sg_strided loop = {.rank = shape.rank, .operands = 1};
    for (int d = 0; d < shape.rank; d++)
        loop.size[d] = shape.size[d];
    sg_broadcast_operand(&x->shape, &shape, loop.stride[0]);
    sg_strided_collapse(&loop);
    SG_BY_DTYPE(x, sg_strided_copy, (&loop, sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_broadcast, NULL, 0, &x, y);
}

static void backward_broadcast(sg_backward *call)
{
    call->results[0] = sg_sum(call->gradient, call->input_shapes[0]);
}

const sg_op sg_op_broadcast = {"broadcast", 1, {0}, backward_broadcast};
