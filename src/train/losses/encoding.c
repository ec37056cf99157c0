/*
 * Losses of codes; see encoding.h.
 *
 * Tested by: tests/golden_test/encoder_case.c
 */
#include "train/losses/encoding.h"

#include "ops/arithmetic.h"
#include "ops/reduce.h"

/* Added to sums of squares, as the root has no slope at 0. */
static const double least_square = 1e-20;

sg_tensor *sg_loss_code_norm(sg_tensor *codes)
{
    if (!codes)
        return NULL;
    const int64_t samples = codes->shape.size[0];
    sg_tensor *squares = sg_sum_product(codes, codes, SG_SHAPE(samples, 1, 1));
    sg_tensor *norms = sg_power(sg_affine(squares, 1, least_square), 0.5);
    return norms ? sg_affine(sg_sum(norms, sg_shape_of(0, NULL)), 1.0 / (double)samples, 0) : NULL;
}
