/* Tensors of normal random numbers. */
#ifndef SG_TENSOR_NORMAL_H
#define SG_TENSOR_NORMAL_H

#include "base/random.h"
#include "tensor/tensor.h"

/*
 * Returns a tensor with the next standard normal numbers of a stream, in memory order; in a hollow
 * context it has no values, and the stream stays where it is. NULL (error in the context) on
 * failure.
 */
sg_tensor *sg_tensor_normal(sg_context *context, sg_dtype dtype, sg_shape shape, sg_random *random);

#endif
