/* Sums to a smaller shape and the adjoint, broadcasting to a larger one. */
#ifndef SG_OPS_REDUCE_H
#define SG_OPS_REDUCE_H

#include "tensor/tape.h"

/*
 * Sums x to `shape`: over dimensions that are 1 there and leading ones that are missing there.
 * Returns x itself when the shapes are equal.
 */
sg_tensor *sg_sum(sg_tensor *x, sg_shape shape);

/* Returns the mean of all elements, as a scalar. */
sg_tensor *sg_mean_all(sg_tensor *x);

/* Returns the mean over the dimensions that sg_sum sums over. */
sg_tensor *sg_mean(sg_tensor *x, sg_shape shape);

/* Returns sg_sum(a * b, shape), with a and b broadcast against each other; one pass over memory if
 * their shapes are equal. */
sg_tensor *sg_sum_product(sg_tensor *a, sg_tensor *b, sg_shape shape);

/* Returns x stretched to `shape` by the rules of NumPy; x itself when the shapes are equal. */
sg_tensor *sg_broadcast(sg_tensor *x, sg_shape shape);

#endif
