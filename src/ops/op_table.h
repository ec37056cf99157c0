/*
 * Every differentiable operation, once. tests/ops/test_op_table.c walks this table and fails for an
 * op that has no sample or no backward, or whose backward leads to an op that is not listed here.
 */
#ifndef SG_OPS_OP_TABLE_H
#define SG_OPS_OP_TABLE_H

#include "tensor/tape.h"

#define SG_OP_TABLE(X)                                                                             \
    X(add)                                                                                         \
    X(subtract)                                                                                    \
    X(multiply)                                                                                    \
    X(affine)                                                                                      \
    X(power)                                                                                       \
    X(sine)                                                                                        \
    X(clamp)                                                                                       \
    X(clamp_gradient)                                                                              \
    X(activate)                                                                                    \
    X(bias_act)                                                                                    \
    X(bias_act_gradient)                                                                           \
    X(prelu)                                                                                       \
    X(prelu_gradient)                                                                              \
    X(sum)                                                                                         \
    X(sum_product)                                                                                 \
    X(broadcast)                                                                                   \
    X(reshape)                                                                                     \
    X(permute)                                                                                     \
    X(slice)                                                                                       \
    X(pad)                                                                                         \
    X(concatenate)                                                                                 \
    X(flip)                                                                                        \
    X(matmul)                                                                                      \
    X(batch_matmul)                                                                                \
    X(softmax)                                                                                     \
    X(attention)                                                                                   \
    X(layer_norm)                                                                                  \
    X(dense)                                                                                       \
    X(gelu)                                                                                        \
    X(max_pool)                                                                                    \
    X(max_pool_scatter)                                                                            \
    X(upfirdn)                                                                                     \
    X(grid_sample)                                                                                 \
    X(grid_scatter)                                                                                \
    X(mix_channels)                                                                                \
    X(warp)                                                                                        \
    X(warp_adjoint)                                                                                \
    X(filtered_lrelu)                                                                              \
    X(filtered_lrelu_gradient)                                                                     \
    X(convolution)                                                                                 \
    X(convolution_transpose)                                                                       \
    X(convolution_weights)

#define SG_DECLARE_OP(name) extern const sg_op sg_op_##name;
SG_OP_TABLE(SG_DECLARE_OP)
#undef SG_DECLARE_OP

/* Returns all descriptors; *count gets their number. For tests. */
const sg_op *const *sg_op_list(size_t *count);

#endif
