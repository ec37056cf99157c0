/*
 * Pointwise convolutions: blocks of pixels over threads.
 *
 * Tested by: tests/ops/convolution/test_fused.c
 */
#include "kernels/convolution/pointwise.h"

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"
#include "kernels/vector/lanes.h"

enum {
    CHANNEL_STEP = 16,
    SKEW = 16,
    LEAST_ROWS = 32,
    BLOCK_FLOATS = 256 * 1024 /* of a block's input and products, for a core's L2 cache */
};

typedef struct plan {
    bool split;
    int64_t padded_out, in_row; /* floats of a row of products and of input */
    int64_t rows;               /* pixels of a block */
    int64_t blocks, chunks;     /* chunks: blocks in flight */
} plan;

typedef struct run_job {
    const sg_pointwise_shape *shape;
    plan plan;
    const sg_fused_pass *pass;
    const float *packed, *source;
    float *result, *scratch;
} run_job;

static plan make_plan(const sg_pointwise_shape *s)
{
    plan p = {.split = sg_product_splits(s->in_channels),
              .padded_out = sg_round_up(s->out_channels, SG_PRODUCT_WIDEST_PANEL),
              .in_row = s->in_channels + SKEW};
    int64_t step = 2 * sg_product_rows(p.split);
    int64_t room = BLOCK_FLOATS / (p.in_row + p.padded_out) / step * step;
    int64_t share = sg_round_up((s->pixels + sg_thread_count() - 1) / sg_thread_count(), step);
    p.rows = sg_least(room > step ? room : step, share);
    p.blocks = s->batch * ((s->pixels + p.rows - 1) / p.rows);
    p.chunks = sg_least(p.blocks, sg_thread_count());
    return p;
}

bool sg_pointwise_suits(const sg_pointwise_shape *s)
{
    return s->in_channels % CHANNEL_STEP == 0 && s->out_channels % CHANNEL_STEP == 0 &&
           s->pixels >= LEAST_ROWS;
}

size_t sg_pointwise_packed_bytes(const sg_pointwise_shape *s)
{
    return (size_t)(s->in_channels * make_plan(s).padded_out) * sizeof(float);
}

static int64_t chunk_floats(const plan *p)
{
    return p->rows * (p->in_row + p->padded_out);
}

size_t sg_pointwise_scratch_bytes(const sg_pointwise_shape *s)
{
    plan p = make_plan(s);
    return (size_t)(p.chunks * chunk_floats(&p)) * sizeof(float);
}

void sg_pointwise_pack(const sg_pointwise_shape *s, double gain, const float *weights,
                       float *packed)
{
    plan p = make_plan(s);
    sg_product_matrix matrix = {.depth = s->in_channels,
                                .columns = p.padded_out,
                                .known_depth = s->weight_in_channels,
                                .known_columns = s->weight_out_channels,
                                .split = p.split,
                                .gain = (float)gain,
                                .values = weights};
    sg_product_pack(&matrix, packed);
}

#define TEMPLATE "kernels/convolution/pointwise.inc"
#define TEMPLATE_SPLITS
#include "kernels/vector/each_width.inc"

typedef void (*rows_in_function)(const run_job *work, int64_t sample, int64_t first, int64_t count,
                                 float *to);

/* Scales the pixels of a block, multiplies and finishes them. */
static void run_block(const run_job *work, int64_t block, float *scratch)
{
    const plan *p = &work->plan;
    const sg_pointwise_shape *s = work->shape;
    rows_in_function rows_in = SG_LANES_CHOOSE(sg_vector_lanes(), rows_in);
#ifdef SG_WIDE_VECTORS
    if (p->split)
        rows_in = rows_in_split;
#endif
    int64_t blocks = p->blocks / s->batch;
    int64_t first = block % blocks * p->rows;
    int64_t count = sg_least(p->rows, s->pixels - first);
    float *products = scratch + p->rows * p->in_row;
    rows_in(work, block / blocks, first, count, scratch);
    sg_product_begin(p->split);
    sg_product_choose(p->split)(count, s->in_channels, p->padded_out, scratch, p->in_row,
                                work->packed, products, p->padded_out);
    sg_product_end(p->split);
    SG_LANES_CHOOSE(sg_vector_lanes(), rows_out)(work, block / blocks, first, count, products);
}

static void run_chunks(size_t begin, size_t end, void *argument)
{
    const run_job *work = argument;
    const plan *p = &work->plan;
    for (int64_t chunk = (int64_t)begin; chunk < (int64_t)end; chunk++) {
        float *scratch = work->scratch + chunk * chunk_floats(p);
        int64_t last = p->blocks * (chunk + 1) / p->chunks;
        for (int64_t block = p->blocks * chunk / p->chunks; block < last; block++)
            run_block(work, block, scratch);
    }
}

void sg_pointwise_run(const sg_pointwise_shape *shape, const float *packed, const float *source,
                      float *result, void *scratch, const sg_fused_pass *pass)
{
    run_job work = {.shape = shape,
                    .plan = make_plan(shape),
                    .pass = pass,
                    .packed = packed,
                    .source = source,
                    .result = result,
                    .scratch = scratch};
    sg_parallel_for((size_t)work.plan.chunks, 1, run_chunks, &work);
}
