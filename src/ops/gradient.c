/*
 * Gradients through the ops.
 *
 * Tested by: tests/ops/test_gradient_check.c
 */
#include "ops/gradient.h"

#include "ops/arithmetic.h"

sg_status sg_gradient(sg_tensor *output, sg_tensor *output_gradient, sg_tensor *const *inputs,
                      size_t count, sg_gradient_options options, sg_tensor **results)
{
    return sg_tape_gradient(output, output_gradient, inputs, count, options, sg_accumulate,
                            results);
}
