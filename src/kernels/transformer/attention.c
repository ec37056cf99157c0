/*
 * Attention: the scores of a group of pictures or texts at a time lie in scratch, a matrix for each
 * head. Rows of the products lie apart as qkv and y have them, so nothing is moved.
 *
 * Tested by: tests/ops/transformer/test_attention.c
 */
#include "kernels/transformer/attention.h"

#include <math.h>
#include <stdatomic.h>

#include "base/parallel.h"
#include "kernels/product/gemm.h"
#include "kernels/vector/exponential.h"

enum { GRAIN_VALUES = 8192, MOST_SCORES = 1 << 18 /* of a group, if it has several members */ };

/* Returns how many members of the batch a group has. */
static int64_t group_of(const sg_attention_shape *shape)
{
    const int64_t scores = shape->heads * shape->tokens * shape->tokens;
    const int64_t fitting = scores > 0 ? MOST_SCORES / scores : shape->batch;
    const int64_t group = fitting < shape->batch ? fitting : shape->batch;
    return group > 0 ? group : 1;
}

int64_t sg_attention_scratch(const sg_attention_shape *shape)
{
    return group_of(shape) * shape->heads * shape->tokens * shape->tokens;
}

SG_INLINE float exponential_f32(float x)
{
    return sg_exp_f32(x);
}

SG_INLINE double exponential_f64(double x)
{
    return exp(x);
}

#define TEMPLATE "kernels/transformer/attention.inc"
#include "kernels/vector/each_real.inc"

/* ---- by products of matrices ---- */

typedef struct attention_job {
    const sg_attention_shape *shape;
    int64_t first; /* of the batch */
    const float *qkv;
    float *y, *scratch;
    atomic_int status; /* of a product that failed */
} attention_job;

static void multiply_range(size_t begin, size_t end, void *argument)
{
    attention_job *job = argument;
    const sg_attention_shape *s = job->shape;
    const int64_t tokens = s->tokens;
    const int64_t columns = s->heads * s->width;
    const float scale = (float)(1 / sqrt((double)s->width));
    for (size_t item = begin; item < end; item++) {
        const int64_t sample = job->first + (int64_t)item / s->heads;
        const int64_t head = (int64_t)item % s->heads;
        const float *q = job->qkv + sample * tokens * 3 * columns + head * s->width;
        float *scores = job->scratch + (int64_t)item * tokens * tokens;
        float *y = job->y + sample * tokens * columns + head * s->width;
        const sg_gemm products = {.transpose_b = true,
                                  .rows = tokens,
                                  .columns = tokens,
                                  .inner = s->width,
                                  .alpha = scale,
                                  .a = q,
                                  .b = q + columns,
                                  .c = scores,
                                  .a_stride = 3 * columns,
                                  .b_stride = 3 * columns,
                                  .c_stride = tokens};
        const sg_gemm means = {.rows = tokens,
                               .columns = s->width,
                               .inner = tokens,
                               .alpha = 1.0F,
                               .a = scores,
                               .b = q + 2 * columns,
                               .c = y,
                               .a_stride = tokens,
                               .b_stride = 3 * columns,
                               .c_stride = columns};
        sg_status status = sg_gemm_f32(&products);
        softmax_rows_f32(0, tokens, tokens, s->causal ? tokens : 0, scores, scores);
        if (!status)
            status = sg_gemm_f32(&means);
        if (status)
            atomic_store(&job->status, (int)status);
    }
}

sg_status sg_attention_f32(const sg_attention_shape *shape, const float *qkv, float *y,
                           float *scratch)
{
    attention_job job = {.shape = shape, .qkv = qkv, .y = y, .scratch = scratch};
    const int64_t group = group_of(shape);
    if (shape->tokens == 0 || shape->width == 0)
        return SG_OK;
    for (; job.first < shape->batch; job.first += group) {
        const int64_t left = shape->batch - job.first;
        const int64_t count = left < group ? left : group;
        sg_parallel_for((size_t)(count * shape->heads), 1, multiply_range, &job);
    }
    return (sg_status)atomic_load(&job.status);
}
