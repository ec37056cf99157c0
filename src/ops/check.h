/* Checks that every op makes first, and strides for the kernels. */
#ifndef SG_OPS_CHECK_H
#define SG_OPS_CHECK_H

#include "tensor/tensor.h"

/*
 * True if all `count` tensors exist and share one element type of arithmetic; fails otherwise. An
 * entry is NULL only because an earlier op failed, so NULL gives false without a second error.
 */
bool sg_check_inputs(const char *op, sg_tensor *const *inputs, int count);

/* Returns a new tensor of the type and shape of the first input, with unwritten values, after
 * sg_check_inputs; NULL when either fails. */
sg_tensor *sg_create_like(const char *op, sg_tensor *const *inputs, int count);

/* True if the tensor has this rank; fails otherwise. */
bool sg_check_rank(const char *op, const sg_tensor *tensor, int rank);

/* True if the tensor has this axis, counted from the outermost, 0; fails otherwise. */
bool sg_check_axis(const char *op, const sg_tensor *tensor, int axis);

/* Fails with a sentence about two shapes that do not fit; returns NULL for the op to return. */
sg_tensor *sg_shape_mismatch(const char *op, const sg_tensor *a, const sg_tensor *b);

/* Fails for a kernel of this operation that returned `status`, SG_ERROR_MEMORY or SG_ERROR_LIBRARY;
 * returns NULL. */
sg_tensor *sg_kernel_failed(const char *op, sg_context *context, sg_status status);

/* Computes the strides of a dense tensor, in elements; 0 where its size is 1. */
void sg_dense_strides(const sg_shape *shape, int64_t *strides);

/* Computes the strides by which a loop over `out` reads a dense tensor of `shape`, broadcast. */
void sg_broadcast_operand(const sg_shape *shape, const sg_shape *out, int64_t *strides);

#endif
