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

sg_tensor *sg_sine(sg_tensor *x, int quarters)
{
    sg_tensor *y = sg_create_like("sine", &x, 1);
    if (!y)
        return NULL;
    SG_BY_DTYPE(x->dtype, sg_sine, (sg_tensor_count(x), quarters, sg_values(x), sg_values(y)));
    return sg_tape_record(&sg_op_sine, &quarters, sizeof quarters, &x, y);
}

static void backward_sine(sg_backward *call)
{
    sg_tensor *derivative = sg_sine(call->inputs[0], *(const int *)call->attributes + 1);
    call->results[0] = sg_multiply(call->gradient, derivative);
}

const sg_op sg_op_sine = {"sine", 1, {SG_READS_INPUT(0)}, backward_sine};
