/*
 * Winograd convolution: the choice of blocks, and the three stages of a block over threads. Small
 * weights: each thread takes blocks of its own. Large weights: all threads work on one block, so
 * that the weights are read from memory once.
 */
#include "kernels/winograd/winograd.h"

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"
#include "kernels/vector/lanes.h"
#include "kernels/vector/vectorise.h"
#include "kernels/winograd/winograd_pack.h"

enum {
    FREQUENCIES = SG_WINOGRAD_MATRICES,
    IN_SIDE = 6,
    OUT_SIDE = 4,
    CHANNEL_STEP = 16, /* channels must be a multiple: whole vectors of every width */
    MIN_TILES = 32,
    MAX_COLOUR_CHANNELS = SG_WINOGRAD_MAX_COLOUR_CHANNELS,
    SKEW = 16 /* floats between frequencies, which keep them off the same cache sets */
};

/* Floats of a block's frequencies and products: for a core's L2 cache, or for all cores. */
static const int64_t own_block_floats = 256 * 1024;
static const int64_t joint_block_floats = 4 * 1024 * 1024;

/* Weights with more bytes than this are streamed once for all cores instead of once for each. */
static const size_t own_weights_bytes = 4 * 1024 * 1024;

typedef struct plan {
    int64_t batch, in_height, in_width, in_channels, out_height, out_width, out_channels;
    int64_t pad_top, pad_left;
    int64_t tiles_y, tiles_x, tiles; /* tiles of the batch */
    bool split;                      /* products are of bfloat16: */
    int parts;                       /* of a number, 2 or 3; 1: products are of floats */
    bool joint;                      /* all threads work on one block; otherwise each on its own */
    int64_t block;                   /* tiles that go through the stages together */
    int64_t blocks, chunks;          /* chunks: blocks in flight, each with its own scratch */
    int64_t padded_out;              /* out_channels rounded up to whole panels */
    int64_t in_row;                  /* floats between the tiles of a frequency's input */
    int64_t in_stride, out_stride;   /* floats between frequencies of a block */
} plan;

typedef struct run_job {
    plan plan;
    const sg_fused_pass *pass;
    const float *packed, *source;
    float *result, *scratch;
    int64_t start, count, frequencies; /* of the joint block */
    int64_t parts; /* of the columns of each frequency's product, in a joint block */
} run_job;

/* Destination of the pixels of a tile; those beyond the image are not stored. */
typedef struct tile_target {
    const float *noise;    /* of the first pixel, or NULL */
    int64_t sample, pixel; /* the first pixel, counted from the batch's first */
    int64_t rows, columns; /* that lie within the image */
} tile_target;

/* Returns the floats of a row of the products' input. */
static int64_t depth_floats(const plan *p)
{
    return p->parts > 2 ? p->in_channels * p->parts / 2 : p->in_channels;
}

static size_t packed_bytes(const plan *p)
{
    return (size_t)(FREQUENCIES * depth_floats(p) * p->padded_out) * sizeof(float);
}

static void choose_blocks(plan *p)
{
    int64_t threads = sg_thread_count();
    int64_t tile_floats = FREQUENCIES * (p->in_row + p->padded_out);
    size_t weights = packed_bytes(p);
    p->joint = weights > own_weights_bytes && threads > 1;
    int64_t room = (p->joint ? joint_block_floats : own_block_floats) / tile_floats;
    int64_t share = p->joint ? p->tiles : sg_divide_up(p->tiles, threads);
    int64_t rows = sg_product_rows(p->split);
    p->block = sg_least(room > rows ? room : rows, share);
    p->block = sg_round_up(sg_divide_up(share, sg_divide_up(share, p->block)), rows);
    p->blocks = sg_divide_up(p->tiles, p->block);
    p->chunks = p->joint ? 1 : sg_least(p->blocks, threads);
    p->in_stride = p->block * p->in_row + SKEW;
    p->out_stride = p->block * p->padded_out + SKEW;
}

static plan make_plan(const sg_winograd_shape *s)
{
    plan p = {.batch = s->batch,
              .in_height = s->in_height,
              .in_width = s->in_width,
              .in_channels = s->in_channels,
              .out_height = s->out_height,
              .out_width = s->out_width,
              .out_channels = s->out_channels,
              .pad_top = s->pad_top,
              .pad_left = s->pad_left};
    p.tiles_y = sg_divide_up(p.out_height, OUT_SIDE);
    p.tiles_x = sg_divide_up(p.out_width, OUT_SIDE);
    p.tiles = p.batch * p.tiles_y * p.tiles_x;
    p.padded_out = sg_winograd_padded(p.out_channels);
    p.split = sg_product_splits(p.in_channels);
    p.parts = !p.split ? 1 : s->precise ? 3 : 2;
    /* Not a power of two, which would put the rows that a product reads on the same cache sets. */
    p.in_row = depth_floats(&p) + (p.in_channels >= 128 ? SKEW : 0);
    choose_blocks(&p);
    return p;
}

bool sg_winograd_suits(const sg_winograd_shape *s)
{
    if (s->in_channels % CHANNEL_STEP || s->out_channels % CHANNEL_STEP)
        return false;
    plan p = make_plan(s);
    return p.tiles >= MIN_TILES;
}

#define TEMPLATE "kernels/winograd/winograd.inc"
#define TEMPLATE_SPLITS
#include "kernels/vector/each_width.inc"

void sg_winograd_pack(const sg_winograd_shape *s, double gain, const float *weights, float *packed)
{
    sg_winograd_weights job = {.transform = SG_WINOGRAD_SAME,
                               .in_channels = s->in_channels,
                               .out_channels = s->out_channels,
                               .known_in = s->weight_in_channels,
                               .known_out = s->weight_out_channels,
                               .in_step = s->in_step,
                               .out_step = s->out_step,
                               .reversed = s->reversed,
                               .parts = make_plan(s).parts,
                               .gain = (float)gain,
                               .values = weights};
    sg_winograd_pack_weights(&job, packed);
}

/* Returns the matrix of weights of a frequency. */
static int64_t matrix_of(int64_t frequency)
{
    return frequency;
}

static sg_product_function choose_product(const plan *p)
{
    return p->parts > 2 ? sg_product_choose_triple() : sg_product_choose(p->split);
}

#include "kernels/winograd/winograd_stages.inc"

size_t sg_winograd_weight_bytes(const sg_winograd_shape *shape)
{
    plan p = make_plan(shape);
    return packed_bytes(&p);
}

size_t sg_winograd_scratch_bytes(const sg_winograd_shape *shape)
{
    plan p = make_plan(shape);
    return (size_t)(p.chunks * block_floats(&p)) * sizeof(float);
}

static void tiles_out(const run_job *work, int64_t start, int64_t first, int64_t last,
                      const float *from)
{
    SG_LANES_CHOOSE(sg_vector_lanes(), block_out)(work, start, first, last, from);
}

static void joint_out(size_t begin, size_t end, void *argument)
{
    const run_job *work = argument;
    tiles_out(work, work->start, work->start + (int64_t)begin, work->start + (int64_t)end,
              work->scratch + FREQUENCIES * work->plan.in_stride);
}

/* Runs one block after the other on all threads, so that the weights are read from memory once. */
static void run_jointly(run_job *work)
{
    const plan *p = &work->plan;
    for (int64_t start = 0; start < p->tiles; start += p->block)
        joint_block(work, start, sg_least(p->block, p->tiles - start), FREQUENCIES);
}

/* Runs a share of the blocks, each through the three stages. */
static void run_chunks(size_t begin, size_t end, void *argument)
{
    const run_job *work = argument;
    const plan *p = &work->plan;
    for (size_t chunk = begin; chunk < end; chunk++) {
        float *block = work->scratch + (int64_t)chunk * block_floats(p);
        int64_t last = p->blocks * ((int64_t)chunk + 1) / p->chunks;
        for (int64_t b = p->blocks * (int64_t)chunk / p->chunks; b < last; b++) {
            int64_t first = b * p->block;
            int64_t count = sg_least(p->block, p->tiles - first);
            tiles_in(work, first, first, first + count, block);
            multiply_all(work, FREQUENCIES, count, block);
            tiles_out(work, first, first, first + count, block + FREQUENCIES * p->in_stride);
        }
    }
}

void sg_winograd_run(const sg_winograd_shape *shape, const float *packed, const float *source,
                     float *result, void *scratch, const sg_fused_pass *pass)
{
    const sg_fused_pass none = sg_fused_pass_none();
    run_job work = {.plan = make_plan(shape),
                    .pass = pass ? pass : &none,
                    .packed = packed,
                    .source = source,
                    .result = result,
                    .scratch = scratch};
    if (work.plan.joint)
        run_jointly(&work);
    else
        sg_parallel_for((size_t)work.plan.chunks, 1, run_chunks, &work);
}
