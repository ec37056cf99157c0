/* Sums to a smaller shape, and its adjoint, stretching to a larger one. */
#ifndef SG_OPS_REDUCE_H
#define SG_OPS_REDUCE_H

#include "tensor/tape.h"

/*
 * Sums x to `shape`: dimensions that are 1 there are summed over, and so are leading ones that are
 * missing there. x itself when the shapes are equal.
 */
sg_tensor *sg_sum(sg_tensor *x, sg_shape shape);

/* Returns the mean of all elements, as a scalar. */
sg_tensor *sg_mean_all(sg_tensor *x);

/* The mean over what sg_sum would sum over. */
sg_tensor *sg_mean(sg_tensor *x, sg_shape shape);

/* sg_sum(a * b, shape), a and b broadcast against each other, in one pass where their shapes are
 * equal. */
sg_tensor *sg_sum_product(sg_tensor *a, sg_tensor *b, sg_shape shape);

/* x stretched to `shape` as NumPy broadcasts; x itself when the shapes are equal. */
sg_tensor *sg_broadcast(sg_tensor *x, sg_shape shape);

#endif
