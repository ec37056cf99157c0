/*
 * Losses of codes; see encoding.h.
 *
 * Tested by: tests/golden_test/encoder_case.c
 */
#include "train/losses/encoding.h"

#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/reduce.h"

/* Added to sums of squares, as the root has no slope at 0. */
static const double least_square = 1e-20;

/* Returns the sum of the norms of x over the axes that `shape` sums over, divided by N. */
static sg_tensor *mean_norm(sg_tensor *x, sg_shape shape)
{
    sg_tensor *squares = sg_affine(sg_sum_product(x, x, shape), 1, least_square);
    sg_tensor *norms = sg_power(squares, 0.5);
    return norms ? sg_affine(sg_sum(norms, SG_SHAPE(1, 1, 1)), 1.0 / (double)shape.size[0], 0)
                 : NULL;
}

/* Returns a scalar of the one element. */
static sg_tensor *to_scalar(sg_tensor *x)
{
    return x ? sg_reshape(x, sg_shape_of(0, NULL)) : NULL;
}

sg_tensor *sg_loss_code_norm(sg_tensor *codes)
{
    return codes ? to_scalar(mean_norm(codes, SG_SHAPE(codes->shape.size[0], 1, 1))) : NULL;
}

sg_tensor *sg_loss_code_delta(sg_tensor *codes, int stage)
{
    if (!codes)
        return NULL;
    const int64_t *size = codes->shape.size;
    const int64_t count = stage < size[1] - 1 ? stage : size[1] - 1;
    if (count < 1)
        return sg_tensor_full(codes->context, codes->dtype, sg_shape_of(0, NULL), 0);
    sg_tensor *deltas = sg_subtract(sg_slice(codes, 1, 1, count), sg_slice(codes, 1, 0, 1));
    return to_scalar(mean_norm(deltas, SG_SHAPE(size[0], count, 1)));
}
