/*
 * Linear layers. A block of rows at a time is brought to the product's format; then each thread
 * multiplies it by panels of weights of its own, so that every weight is read once for a block.
 *
 * Tested by: tests/ops/transformer/test_dense.c
 */
#include "kernels/transformer/dense.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"
#include "kernels/vector/vectorise.h"

enum {
    PANEL = SG_PRODUCT_WIDEST_PANEL,
    GROUP = 4 * PANEL,      /* columns of a product */
    BLOCK_FLOATS = 1 << 18, /* of a block's input, for a core's L2 cache */
    MOST_ROWS = 512,
    GRAIN_ROWS = 16,
    SKEW = 16 /* floats between rows, so that they do not share a cache set */
};

typedef struct plan {
    int64_t depth, columns; /* as packed */
    int64_t row;            /* floats of a row of input */
    int64_t block;          /* rows */
    int64_t groups;
} plan;

typedef struct run_job {
    const sg_dense_shape *shape;
    plan plan;
    const float *packed, *bias, *x;
    float *y;
    float *input;    /* [block, row] */
    float *products; /* [groups, block, GROUP] */
    int64_t first, count;
} run_job;

sg_dense_shape sg_dense_shape_of(int64_t rows, int64_t depth, int64_t columns, bool exact)
{
    const int64_t packed = sg_round_up(depth, SG_PRODUCT_SPLIT_DEPTH);
    return (sg_dense_shape){rows, depth, columns, !exact && sg_product_splits(packed)};
}

static plan make_plan(const sg_dense_shape *s)
{
    plan p = {.depth = sg_round_up(s->depth, SG_PRODUCT_SPLIT_DEPTH),
              .columns = sg_round_up(s->columns, PANEL)};
    const int64_t step = 2 * sg_product_rows(s->split);
    p.row = p.depth + SKEW;
    p.block = sg_least(sg_least(BLOCK_FLOATS / p.row, MOST_ROWS), s->rows);
    p.block = sg_round_up(p.block > 0 ? p.block : 1, step);
    p.groups = sg_divide_up(p.columns, GROUP);
    return p;
}

size_t sg_dense_packed_bytes(const sg_dense_shape *shape)
{
    const plan p = make_plan(shape);
    return (size_t)(p.depth * p.columns) * sizeof(float);
}

size_t sg_dense_scratch_bytes(const sg_dense_shape *shape)
{
    const plan p = make_plan(shape);
    return (size_t)(p.block * (p.row + p.groups * GROUP)) * sizeof(float);
}

/* Matrices being transposed: `from` [rows, columns]. */
typedef struct turn_job {
    int64_t rows, columns;
    const float *from;
    float *to;
} turn_job;

/* Transposes columns `begin` to `end` - 1 in squares, whose lines stay in cache. */
static void turn_range(size_t begin, size_t end, void *argument)
{
    enum { SQUARE = 16 };
    const turn_job *job = argument;
    for (int64_t r = 0; r < job->rows; r += SQUARE)
        for (int64_t c = (int64_t)begin; c < (int64_t)end; c++)
            for (int64_t i = r; i < sg_least(r + SQUARE, job->rows); i++)
                job->to[c * job->rows + i] = job->from[i * job->columns + c];
}

bool sg_dense_pack(const sg_dense_shape *shape, bool turned, const float *weights, float *packed)
{
    const plan p = make_plan(shape);
    float *copy = NULL;
    if (turned) {
        copy = sg_allocate((size_t)(shape->depth * shape->columns), sizeof *copy);
        if (!copy)
            return false;
        turn_job job = {shape->depth, shape->columns, weights, copy};
        sg_parallel_for((size_t)shape->columns, 16, turn_range, &job);
    }
    const sg_product_matrix matrix = {.depth = p.depth,
                                      .columns = p.columns,
                                      .known_depth = shape->depth,
                                      .known_columns = shape->columns,
                                      .split = shape->split,
                                      .gain = 1,
                                      .values = copy ? copy : weights};
    sg_product_pack(&matrix, packed);
    free(copy);
    return true;
}

/* ---- input ---- */

/* Writes a row as highs and lows of bfloat16. */
SG_INLINE void split_row(int64_t known, int64_t depth, const float *x, uint16_t *row)
{
    for (int64_t k = 0; k < known; k++) {
        uint32_t bits;
        uint32_t low_bits;
        memcpy(&bits, &x[k], sizeof bits);
        const uint32_t high = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
        float rounded;
        memcpy(&rounded, &high, sizeof rounded);
        const float rest = x[k] - rounded;
        memcpy(&low_bits, &rest, sizeof low_bits);
        row[k] = (uint16_t)(high >> 16);
        row[depth + k] = (uint16_t)((low_bits + 0x7FFF + (low_bits >> 16 & 1)) >> 16);
    }
    for (int64_t k = known; k < depth; k++)
        row[k] = row[depth + k] = 0;
}

SG_VECTORISED static void rows_in(size_t begin, size_t end, void *argument)
{
    const run_job *job = argument;
    const int64_t known = job->shape->depth;
    const int64_t depth = job->plan.depth;
    for (int64_t r = (int64_t)begin; r < (int64_t)end; r++) {
        const float *x = job->x + (job->first + r) * known;
        float *row = job->input + r * job->plan.row;
        if (job->shape->split) {
            split_row(known, depth, x, (uint16_t *)(void *)row);
            continue;
        }
        memcpy(row, x, (size_t)known * sizeof *row);
        memset(row + known, 0, (size_t)(depth - known) * sizeof *row);
    }
}

/* ---- products ---- */

/* Writes a group's products with the bias to y. */
SG_VECTORISED static void group_out(const run_job *job, int64_t column, const float *products)
{
    const int64_t columns = job->shape->columns;
    const int64_t width = sg_least(GROUP, columns - column);
    for (int64_t r = 0; r < job->count; r++) {
        const float *from = products + r * GROUP;
        float *y = job->y + (job->first + r) * columns + column;
        if (job->bias)
            for (int64_t c = 0; c < width; c++)
                y[c] = from[c] + job->bias[column + c];
        else
            memcpy(y, from, (size_t)width * sizeof *y);
    }
}

static void multiply_groups(size_t begin, size_t end, void *argument)
{
    const run_job *job = argument;
    const plan *p = &job->plan;
    const sg_product_function multiply = sg_product_choose(job->shape->split);
    sg_product_begin(job->shape->split);
    for (int64_t group = (int64_t)begin; group < (int64_t)end; group++) {
        const int64_t column = group * GROUP;
        float *products = job->products + group * p->block * GROUP;
        multiply(job->count, p->depth, sg_least(GROUP, p->columns - column), job->input, p->row,
                 job->packed + column * p->depth, products, GROUP);
        group_out(job, column, products);
    }
    sg_product_end(job->shape->split);
}

void sg_dense_run(const sg_dense_shape *shape, const float *packed, const float *bias,
                  const float *x, float *y, void *scratch)
{
    run_job job = {.shape = shape,
                   .plan = make_plan(shape),
                   .packed = packed,
                   .bias = bias,
                   .x = x,
                   .y = y,
                   .input = scratch};
    job.products = job.input + job.plan.block * job.plan.row;
    for (; job.first < shape->rows; job.first += job.plan.block) {
        job.count = sg_least(job.plan.block, shape->rows - job.first);
        sg_parallel_for((size_t)job.count, GRAIN_ROWS, rows_in, &job);
        sg_parallel_for((size_t)job.plan.groups, 1, multiply_groups, &job);
    }
}
