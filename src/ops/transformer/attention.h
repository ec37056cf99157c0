/* Attention (Vaswani et al. 2017), and what its derivatives are made of. */
#ifndef SG_OPS_TRANSFORMER_ATTENTION_H
#define SG_OPS_TRANSFORMER_ATTENTION_H

#include "tensor/tape.h"

/*
 * Returns softmax(q k^T / sqrt(C / heads)) v, [N, T, C], of qkv [N, T, 3 C]: queries, keys and
 * values of each token, `heads` pieces of C / heads values each. Causal: a token sees itself and
 * those before it.
 */
sg_tensor *sg_attention(sg_tensor *qkv, int64_t heads, bool causal);

/* Returns softmax(x) over the last axis of x [N, T, T']. Causal: row t sees columns 0 to t, the
 * others are 0. */
sg_tensor *sg_softmax(sg_tensor *x, bool causal);

/* Returns alpha * op(a) op(b) for each matrix of a [N, ...] and b [N, ...]; op transposes where its
 * flag is set. */
sg_tensor *sg_batch_matmul(sg_tensor *a, bool transpose_a, sg_tensor *b, bool transpose_b,
                           double alpha);

#endif
