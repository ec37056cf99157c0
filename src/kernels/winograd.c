/* Winograd convolution: the choice of vector width, blocking, and the transform of the weights. */
#include "kernels/winograd.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vectorise.h"

enum {
    FREQUENCIES = 36,
    IN_SIDE = 6,
    OUT_SIDE = 4,
    ROWS = 4,          /* tiles in a micro-kernel's block of the matrix product */
    DEPTH = 256,       /* input channels at a time: a panel of the weights then fits the L1 cache */
    CHANNEL_STEP = 16, /* channels must be a multiple: whole vectors of every width */
    MIN_TILES = 32,
    CACHE_FLOATS = 96 * 1024, /* of a block's frequencies, to stay within the L2 cache */
    MIN_BLOCK = 32,
    MAX_BLOCK = 96,
    SKEW = 16 /* floats between frequencies, so that they do not fall on the same cache sets */
};

/* The convolution as its pass sees it: forward, or backward data as a forward pass from y to x. */
typedef struct plan {
    int64_t batch, in_height, in_width, in_channels, out_height, out_width, out_channels;
    int64_t pad_top, pad_left;
    int64_t tiles_y, tiles_x, tiles; /* tiles of the batch */
    int64_t block;                   /* tiles that go through the stages together */
    int64_t padded_out;              /* out_channels rounded up to the widest panel */
} plan;

typedef struct run_job {
    plan plan;
    const float *packed, *source;
    float *result, *scratch;
    int64_t scratch_floats; /* of one block */
    int64_t blocks, chunks; /* chunks: parts of the blocks with scratch of their own */
} run_job;

enum { WIDEST_PANEL = 32, MAX_CHUNKS = 64 };

static int64_t round_up(int64_t value, int64_t step)
{
    return (value + step - 1) / step * step;
}

static int64_t clamp_block(int64_t block)
{
    return block < MIN_BLOCK ? MIN_BLOCK : block > MAX_BLOCK ? MAX_BLOCK : block;
}

static plan make_plan(const sg_convolution_shape *s, sg_convolution_direction direction)
{
    bool forward = direction == SG_FORWARD;
    plan p = {.batch = s->batch,
              .in_height = forward ? s->in_height : s->out_height,
              .in_width = forward ? s->in_width : s->out_width,
              .in_channels = forward ? s->in_channels : s->out_channels,
              .out_height = forward ? s->out_height : s->in_height,
              .out_width = forward ? s->out_width : s->in_width,
              .out_channels = forward ? s->out_channels : s->in_channels,
              .pad_top = forward ? s->pad_top : 2 - s->pad_top,
              .pad_left = forward ? s->pad_left : 2 - s->pad_left};
    p.tiles_y = (p.out_height + OUT_SIDE - 1) / OUT_SIDE;
    p.tiles_x = (p.out_width + OUT_SIDE - 1) / OUT_SIDE;
    p.tiles = p.batch * p.tiles_y * p.tiles_x;
    p.padded_out = round_up(p.out_channels, WIDEST_PANEL);
    p.block = clamp_block(CACHE_FLOATS / (FREQUENCIES * (p.in_channels + p.padded_out) / 2));
    int64_t share = round_up((p.tiles + 1) / 2, ROWS);
    if (p.block > share)
        p.block = share;
    p.block = round_up(p.block, ROWS);
    return p;
}

bool sg_winograd_suits(const sg_convolution_shape *s, sg_convolution_direction direction)
{
    if (s->kernel_height != 3 || s->kernel_width != 3 || s->stride_x != 1 || s->stride_y != 1 ||
        s->groups != 1 || direction == SG_BACKWARD_WEIGHTS)
        return false;
    if (s->in_channels % CHANNEL_STEP || s->out_channels % CHANNEL_STEP)
        return false;
    if (s->pad_top > 2 || s->pad_left > 2 || s->pad_bottom > 2 || s->pad_right > 2)
        return false;
    plan p = make_plan(s, direction);
    return p.tiles >= MIN_TILES;
}

size_t sg_winograd_packed_bytes(const sg_convolution_shape *shape,
                                sg_convolution_direction direction)
{
    plan p = make_plan(shape, direction);
    return (size_t)(FREQUENCIES * p.in_channels * p.padded_out) * sizeof(float);
}

/* Floats between two frequencies of a block's input and of its products. */
static int64_t in_stride(const plan *p)
{
    return p->block * p->in_channels + SKEW;
}

static int64_t out_stride(const plan *p)
{
    return p->block * p->padded_out + SKEW;
}

static int64_t block_floats(const plan *p)
{
    return FREQUENCIES * (in_stride(p) + out_stride(p));
}

static int64_t chunk_count(const plan *p)
{
    int64_t blocks = (p->tiles + p->block - 1) / p->block;
    int64_t threads = sg_thread_count();
    return blocks < threads ? blocks : threads;
}

size_t sg_winograd_scratch_bytes(const sg_convolution_shape *shape,
                                 sg_convolution_direction direction)
{
    plan p = make_plan(shape, direction);
    return (size_t)(chunk_count(&p) * block_floats(&p)) * sizeof(float);
}

typedef struct pack_job {
    plan plan;
    int64_t in_step, out_step; /* floats between the kernels of neighbouring channels */
    bool reversed;
    float gain;
    const float *weights;
    float *packed;
} pack_job;

#define LANES 4
#define NAME(stem) stem##_4
#define TARGET
#include "kernels/winograd.inc"
#undef LANES
#undef NAME
#undef TARGET

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SG_WIDE_VECTORS 1
#define LANES 8
#define NAME(stem) stem##_8
#define TARGET __attribute__((target("arch=x86-64-v3")))
#include "kernels/winograd.inc"
#undef LANES
#undef NAME
#undef TARGET

#define LANES 16
#define NAME(stem) stem##_16
#define TARGET __attribute__((target("arch=x86-64-v4")))
#include "kernels/winograd.inc"
#undef LANES
#undef NAME
#undef TARGET
#endif

typedef struct variant {
    sg_range_function run, pack;
    int64_t panel; /* output channels side by side in the product: two vectors */
} variant;

/* The widest vectors that this processor has. */
static variant choose_variant(void)
{
#ifdef SG_WIDE_VECTORS
    if (__builtin_cpu_supports("x86-64-v4"))
        return (variant){run_chunks_16, pack_panels_16, 32};
    if (__builtin_cpu_supports("x86-64-v3"))
        return (variant){run_chunks_8, pack_panels_8, 16};
#endif
    return (variant){run_chunks_4, pack_panels_4, 8};
}

void sg_winograd_pack(const sg_convolution_shape *shape, sg_convolution_direction direction,
                      double gain, const float *weights, float *packed)
{
    bool forward = direction == SG_FORWARD;
    int64_t by_out = shape->swapped_weights ? 9 : 9 * shape->in_channels;
    int64_t by_in = shape->swapped_weights ? 9 * shape->out_channels : 9;
    pack_job job = {.plan = make_plan(shape, direction),
                    .in_step = forward ? by_in : by_out,
                    .out_step = forward ? by_out : by_in,
                    .reversed = !forward,
                    .gain = (float)gain,
                    .weights = weights,
                    .packed = packed};
    variant chosen = choose_variant();
    sg_parallel_for((size_t)(job.plan.padded_out / chosen.panel), 1, chosen.pack, &job);
}

void sg_winograd_run(const sg_convolution_shape *shape, sg_convolution_direction direction,
                     const float *packed, const float *source, float *result, void *scratch)
{
    run_job work = {.plan = make_plan(shape, direction),
                    .packed = packed,
                    .source = source,
                    .result = result,
                    .scratch = scratch};
    work.blocks = (work.plan.tiles + work.plan.block - 1) / work.plan.block;
    work.chunks = chunk_count(&work.plan);
    work.scratch_floats = block_floats(&work.plan);
    sg_parallel_for((size_t)work.chunks, 1, choose_variant().run, &work);
}
