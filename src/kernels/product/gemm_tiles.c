/*
 * Matrix products by tiles of the result: each copies the parts of a and b that it needs, some
 * depth at a time, to where the kernel of packed panels reads them.
 * Tested by: tests/kernels/product/test_matmul.c
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/product/gemm.h"
#include "kernels/product/product.h"

/* A tile and what it reads at a time stay in the L2 cache. The rows are a multiple of those that go
 * through registers for every width of vectors. */
enum { ROWS = 96, COLUMNS = 128, DEPTH = 256 };

typedef struct tile {
    float a[ROWS * DEPTH];    /* [rows, depth] */
    float b[DEPTH * COLUMNS]; /* panels of [depth, panel] */
    float c[ROWS * COLUMNS];
    int64_t row, column, rows, columns; /* where in the result; its size */
} tile;

typedef struct tiles_job {
    const sg_gemm *product;
    int64_t across; /* tiles in a row of tiles */
    sg_product_function multiply;
    int64_t panel;
    atomic_bool lacks_memory;
} tiles_job;

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t round_up(int64_t count, int64_t step)
{
    return (count + step - 1) / step * step;
}

/* Zeroes what is read beyond the rows and columns of the product, at this depth: what it makes is
 * never stored, but denormals and NaN would be slow. */
static void clear_edges(int64_t depth, int64_t columns, tile *t)
{
    const int64_t rows = round_up(t->rows, sg_product_rows(false));
    memset(t->a + t->rows * depth, 0, (size_t)((rows - t->rows) * depth) * sizeof *t->a);
    if (columns > t->columns)
        memset(t->b, 0, (size_t)(depth * columns) * sizeof *t->b);
}

static void copy_a(const sg_gemm *p, int64_t k, int64_t depth, tile *t)
{
    const int64_t row_step = p->transpose_a ? 1 : p->a_stride;
    const int64_t step = p->transpose_a ? p->a_stride : 1;
    for (int64_t r = 0; r < t->rows; r++) {
        const float *from = p->a + (t->row + r) * row_step + k * step;
        for (int64_t i = 0; i < depth; i++)
            t->a[r * depth + i] = from[i * step];
    }
}

static void copy_b(const sg_gemm *p, int64_t panel, int64_t k, int64_t depth, tile *t)
{
    const int64_t row_step = p->transpose_b ? 1 : p->b_stride;
    const int64_t step = p->transpose_b ? p->b_stride : 1;
    for (int64_t first = 0; first < t->columns; first += panel) {
        const float *from = p->b + k * row_step + (t->column + first) * step;
        const int64_t count = smaller(panel, t->columns - first);
        float *to = t->b + first * depth;
        if (step == 1)
            for (int64_t i = 0; i < depth; i++)
                for (int64_t j = 0; j < count; j++)
                    to[i * panel + j] = from[i * row_step + j];
        else
            for (int64_t j = 0; j < count; j++)
                for (int64_t i = 0; i < depth; i++)
                    to[i * panel + j] = from[i * row_step + j * step];
    }
}

/* Adds a part's sums to the result, or begins it with them. */
static void store(const sg_gemm *p, bool begins, int64_t stride, const tile *t)
{
    const float beta = begins ? p->beta : 1;
    for (int64_t r = 0; r < t->rows; r++) {
        const float *from = t->c + r * stride;
        float *to = p->c + (t->row + r) * p->c_stride + t->column;
        for (int64_t i = 0; i < t->columns; i++)
            to[i] = beta == 0 ? p->alpha * from[i] : p->alpha * from[i] + beta * to[i];
    }
}

static void compute_tile(const tiles_job *job, int64_t index, tile *t)
{
    const sg_gemm *p = job->product;
    t->row = index / job->across * ROWS;
    t->column = index % job->across * COLUMNS;
    t->rows = smaller(ROWS, p->rows - t->row);
    t->columns = smaller(COLUMNS, p->columns - t->column);
    const int64_t columns = round_up(t->columns, SG_PRODUCT_WIDEST_PANEL);
    for (int64_t k = 0; k < p->inner; k += DEPTH) {
        const int64_t depth = smaller(DEPTH, p->inner - k);
        clear_edges(depth, columns, t);
        copy_a(p, k, depth, t);
        copy_b(p, job->panel, k, depth, t);
        job->multiply(t->rows, depth, columns, t->a, depth, t->b, t->c, columns);
        store(p, k == 0, columns, t);
    }
}

static void compute_tiles(size_t begin, size_t end, void *argument)
{
    tiles_job *job = argument;
    tile *t = aligned_alloc(64, (size_t)round_up(sizeof *t, 64));
    if (!t) {
        atomic_store(&job->lacks_memory, true);
        return;
    }
    sg_product_begin(false);
    for (size_t i = begin; i < end; i++)
        compute_tile(job, (int64_t)i, t);
    sg_product_end(false);
    free(t);
}

sg_status sg_gemm_tiles_f32(const sg_gemm *product)
{
    tiles_job job = {.product = product,
                     .across = round_up(product->columns, COLUMNS) / COLUMNS,
                     .multiply = sg_product_choose(false),
                     .panel = sg_product_panel()};
    const int64_t down = round_up(product->rows, ROWS) / ROWS;
    sg_parallel_for((size_t)(down * job.across), 1, compute_tiles, &job);
    return atomic_load(&job.lacks_memory) ? SG_ERROR_MEMORY : SG_OK;
}
