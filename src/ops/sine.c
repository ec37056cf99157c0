/*
 * The sine, whose derivatives are sines of another phase.
 *
 * Tested by: tests/ops/test_op_table.c
 */
#include "ops/sine.h"

#include "kernels/elementwise/elementwise.h"
#include "ops/arithmetic.h"
#include "ops/by_dtype.h"
#include "ops/check.h"
#include "ops/op_table.h"

typedef struct sine_attributes {
    int quarters;
} sine_attributes;

sg_tensor *sg_sine(sg_tensor *x, int quarters)
{
    if (!sg_check_inputs("sine", &x, 1))
        return NULL;
    sg_tensor *y = sg_tensor_create(x->context, x->dtype, x->shape);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x->dtype, sg_sine, (sg_tensor_count(x), quarters, sg_values(x), sg_values(y)));
    sine_attributes attributes = {quarters};
    return sg_tape_record(&sg_op_sine, &attributes, sizeof attributes, &x, y);
}

static void backward_sine(sg_backward *call)
{
    const sine_attributes *at = call->attributes;
    sg_tensor *derivative = sg_sine(call->inputs[0], at->quarters + 1);
    call->results[0] = sg_multiply(call->gradient, derivative);
}

const sg_op sg_op_sine = {"sine", 1, {SG_READS_INPUT(0)}, backward_sine};
