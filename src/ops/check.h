/* What every op checks first. */
#ifndef SG_OPS_CHECK_H
#define SG_OPS_CHECK_H

#include "tensor/tensor.h"

/*
 * Whether all `count` tensors exist and share one element type; says otherwise in the context of
 * the first that exists. An entry may be NULL only because an earlier op failed, so NULL is silent.
 */
bool sg_check_inputs(const char *op, sg_tensor *const *inputs, int count);

/* Whether the tensor has this rank; says otherwise. */
bool sg_check_rank(const char *op, const sg_tensor *tensor, int rank);

/* Whether the tensor has this axis, counted from the outermost, 0; says otherwise. */
bool sg_check_axis(const char *op, const sg_tensor *tensor, int axis);

/* Says that two shapes do not fit; returns NULL for the op to return. */
sg_tensor *sg_shape_mismatch(const char *op, const sg_tensor *a, const sg_tensor *b);

/* Strides of a dense tensor of this shape, in elements; 0 where its size is 1. */
void sg_dense_strides(const sg_shape *shape, int64_t *strides);

/* Fills a loop over `out` whose operand `k` reads a dense tensor of `shape`, broadcast to it. */
void sg_broadcast_operand(const sg_shape *shape, const sg_shape *out, int64_t *strides);

#endif
