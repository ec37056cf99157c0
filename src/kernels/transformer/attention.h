/*
 * Attention of several heads (Vaswani et al. 2017) over queries, keys and values that lie side by
 * side, as one linear layer computes them.
 */
#ifndef SG_KERNELS_TRANSFORMER_ATTENTION_H
#define SG_KERNELS_TRANSFORMER_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stylegan.h"

/*
 * y [batch, tokens, heads, width] = softmax(q k^T / sqrt(width)) v, of qkv [batch, tokens, 3,
 * heads, width]. Causal: a token sees itself and those before it.
 */
typedef struct sg_attention_shape {
    int64_t batch, tokens, heads, width;
    bool causal;
} sg_attention_shape;

/* Returns how many numbers of scratch a run takes. */
int64_t sg_attention_scratch(const sg_attention_shape *shape);

/* Computes by products of gemm.h; fails as they do. */
sg_status sg_attention_f32(const sg_attention_shape *shape, const float *qkv, float *y,
                           float *scratch);

/* Computes in plain loops. */
void sg_attention_reference_f32(const sg_attention_shape *shape, const float *qkv, float *y,
                                float *scratch);
void sg_attention_reference_f64(const sg_attention_shape *shape, const double *qkv, double *y,
                                double *scratch);

/*
 * y = softmax(x) of each row of x [rows, columns]; y may be x. With `period` above 0, row r sees
 * its first r % period + 1 columns only, and the others of y are 0.
 */
void sg_softmax_f32(int64_t rows, int64_t columns, int64_t period, const float *x, float *y);
void sg_softmax_f64(int64_t rows, int64_t columns, int64_t period, const double *x, double *y);

#endif
