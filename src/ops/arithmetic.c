/* Arithmetic: forward through the element-wise kernels, backward by the same ops. */
#include "ops/arithmetic.h"

#include "kernels/elementwise/activation.h"
#include "kernels/elementwise/elementwise.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"
#include "ops/reduce.h"
#include "tensor/work.h"

/* Finds the shape that both broadcast to; false when they do not fit. */
static bool broadcast_shape(const sg_shape *a, const sg_shape *b, sg_shape *out)
{
    int rank = a->rank > b->rank ? a->rank : b->rank;
    *out = sg_shape_of(0, NULL);
    out->rank = rank;
    for (int d = 0; d < rank; d++) {
        int64_t x = d < rank - a->rank ? 1 : a->size[d - (rank - a->rank)];
        int64_t y = d < rank - b->rank ? 1 : b->size[d - (rank - b->rank)];
        if (x != y && x != 1 && y != 1)
            return false;
        out->size[d] = x == 1 ? y : x;
    }
    return true;
}

/* Computes y = a KIND b into an existing tensor of the broadcast shape. */
static void run_binary(sg_binary_kind kind, const sg_tensor *a, const sg_tensor *b, sg_tensor *y)
{
    sg_strided loop = {.rank = y->shape.rank, .operands = 2};
    for (int d = 0; d < y->shape.rank; d++)
        loop.size[d] = y->shape.size[d];
    sg_broadcast_operand(&a->shape, &y->shape, loop.stride[0]);
    sg_broadcast_operand(&b->shape, &y->shape, loop.stride[1]);
    sg_strided_collapse(&loop);
    SG_BY_DTYPE(y, sg_binary, (kind, &loop, sg_values(a), sg_values(b), sg_values(y)));
}

static sg_tensor *binary(const sg_op *op, sg_binary_kind kind, sg_tensor *a, sg_tensor *b)
{
    sg_tensor *inputs[] = {a, b};
    sg_shape shape;
    if (!a || !b || !sg_check_inputs(op->name, inputs, 2))
        return NULL;
    if (!broadcast_shape(&a->shape, &b->shape, &shape))
        return sg_shape_mismatch(op->name, a, b);
    sg_tensor *y = sg_tensor_create(a->context, a->dtype, shape);
    if (!y)
        return NULL;
    run_binary(kind, a, b, y);
    return sg_tape_record(op, NULL, 0, inputs, y);
}

sg_tensor *sg_add(sg_tensor *a, sg_tensor *b)
{
    return binary(&sg_op_add, SG_ADD, a, b);
}

sg_tensor *sg_subtract(sg_tensor *a, sg_tensor *b)
{
    return binary(&sg_op_subtract, SG_SUBTRACT, a, b);
}

sg_tensor *sg_multiply(sg_tensor *a, sg_tensor *b)
{
    return binary(&sg_op_multiply, SG_MULTIPLY, a, b);
}

static void backward_add(sg_backward *call)
{
    for (int i = 0; i < 2; i++)
        if (call->wanted[i])
            call->results[i] = sg_sum(call->gradient, call->input_shapes[i]);
}

static void backward_subtract(sg_backward *call)
{
    if (call->wanted[0])
        call->results[0] = sg_sum(call->gradient, call->input_shapes[0]);
    if (call->wanted[1])
        call->results[1] = sg_affine(sg_sum(call->gradient, call->input_shapes[1]), -1, 0);
}

static void backward_multiply(sg_backward *call)
{
    for (int i = 0; i < 2; i++)
        if (call->wanted[i])
            call->results[i] =
                sg_sum_product(call->gradient, call->inputs[1 - i], call->input_shapes[i]);
}

const sg_op sg_op_add = {"add", 2, {0, 0}, backward_add};
const sg_op sg_op_subtract = {"subtract", 2, {0, 0}, backward_subtract};
const sg_op sg_op_multiply = {
    "multiply", 2, {SG_READS_INPUT(1), SG_READS_INPUT(0)}, backward_multiply};

typedef struct affine_attributes {
    double scale, shift;
} affine_attributes;

sg_tensor *sg_affine(sg_tensor *x, double scale, double shift)
{
    sg_tensor *y = sg_create_like("affine", &x, 1);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x, sg_affine, (sg_tensor_count(x), scale, shift, sg_values(x), sg_values(y)));
    affine_attributes attributes = {scale, shift};
    return sg_tape_record(&sg_op_affine, &attributes, sizeof attributes, &x, y);
}

static void backward_affine(sg_backward *call)
{
    const affine_attributes *attributes = call->attributes;
    call->results[0] = sg_affine(call->gradient, attributes->scale, 0);
}

const sg_op sg_op_affine = {"affine", 1, {0}, backward_affine};

sg_tensor *sg_power(sg_tensor *x, double exponent)
{
    sg_tensor *y = sg_create_like("power", &x, 1);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x, sg_power, (sg_tensor_count(x), exponent, sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_power, &exponent, sizeof exponent, &x, y);
}

static void backward_power(sg_backward *call)
{
    double exponent = *(const double *)call->attributes;
    sg_tensor *derivative = sg_affine(sg_power(call->inputs[0], exponent - 1), exponent, 0);
    call->results[0] = sg_multiply(call->gradient, derivative);
}

const sg_op sg_op_power = {"power", 1, {SG_READS_INPUT(0)}, backward_power};

sg_tensor *sg_sine(sg_tensor *x, int quarters)
{
    sg_tensor *y = sg_create_like("sine", &x, 1);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x, sg_sine, (sg_tensor_count(x), quarters, sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_sine, &quarters, sizeof quarters, &x, y);
}

static void backward_sine(sg_backward *call)
{
    sg_tensor *derivative = sg_sine(call->inputs[0], *(const int *)call->attributes + 1);
    call->results[0] = sg_multiply(call->gradient, derivative);
}

const sg_op sg_op_sine = {"sine", 1, {SG_READS_INPUT(0)}, backward_sine};

sg_tensor *sg_clamp(sg_tensor *x, double limit)
{
    sg_tensor *y = sg_create_like("clamp", &x, 1);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x, sg_clamp, (sg_tensor_count(x), limit, sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_clamp, &limit, sizeof limit, &x, y);
}

static void backward_clamp(sg_backward *call)
{
    double limit = *(const double *)call->attributes;
    call->results[0] = sg_clamp_gradient(call->gradient, call->inputs[0], limit);
}

const sg_op sg_op_clamp = {"clamp", 1, {SG_READS_INPUT(0)}, backward_clamp};

sg_tensor *sg_clamp_gradient(sg_tensor *gradient, sg_tensor *x, double limit)
{
    sg_tensor *inputs[] = {gradient, x};
    if (!sg_check_inputs("clamp_gradient", inputs, 2))
        return NULL;
    if (!sg_shape_equal(&gradient->shape, &x->shape))
        return sg_shape_mismatch("clamp_gradient", gradient, x);
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x, sg_clamp_gradient,
                (sg_tensor_count(x), limit, sg_values(gradient), sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_clamp_gradient, &limit, sizeof limit, inputs, y);
}

/* Linear in the gradient; constant in x almost everywhere. */
static void backward_clamp_gradient(sg_backward *call)
{
    double limit = *(const double *)call->attributes;
    if (call->wanted[0])
        call->results[0] = sg_clamp_gradient(call->gradient, call->inputs[1], limit);
}

const sg_op sg_op_clamp_gradient = {
    "clamp_gradient", 2, {SG_READS_INPUT(1), 0}, backward_clamp_gradient};

sg_tensor *sg_accumulate(sg_tensor *sum, sg_tensor *term, bool owned)
{
    if (!owned || !sum || !term)
        return sg_add(sum, term);
    sg_tensor *inputs[] = {sum, term};
    run_binary(SG_ADD, sum, term, sum);
    sg_work_note(sg_op_add.name, NULL, 0, inputs, 2, sum);
    return sum;
}
