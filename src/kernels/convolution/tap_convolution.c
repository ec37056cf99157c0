/*
 * Convolutions by tap products. The rows of a block are consecutive pixels of the source: with
 * stride 1 they go on over the ends of rows, and what is computed at the gaps is not stored; with
 * stride 2 a block stays in one row of the target. A group of blocks goes through a panel of
 * weights before the next panel, so that the panel stays in the L1 or L2 cache, and the group in
 * L2.
 */
#include "kernels/convolution/tap_convolution.h"

#include <math.h>

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"

/* Bytes of the source that a group of blocks reads, for a core's L2 cache. */
enum { GROUP_BYTES = 640 << 10 };

typedef struct run_job {
    const sg_tap_convolution *convolution;
    const sg_tap_image *source;
    const sg_tap_layer *layers;
    int64_t width, height;     /* of the targets */
    int64_t span;              /* positions of a row of blocks: width, or with the gap */
    bool flat;                 /* blocks go on over the ends of rows */
    bool joined;               /* and of pictures */
    int64_t line;              /* positions of a line of blocks: a row, a picture, or all */
    int64_t line_blocks, rows; /* blocks of a line; rows of a block */
    int64_t blocks, group;     /* of all lines; in a group */
    int64_t panels, shares;    /* of all layers; into which a group's panels are divided */
} run_job;

/* The position of a block's first row in the target. */
typedef struct block_place {
    int64_t picture, y, x, rows;
} block_place;

/* Goes on to the next position of a block. */
static inline void advance(const run_job *job, block_place *at)
{
    if (++at->x < job->span)
        return;
    at->x = 0;
    if (++at->y < job->height)
        return;
    at->y = 0;
    at->picture++;
}

#define TEMPLATE "kernels/convolution/tap_convolution.inc"
#define TEMPLATE_SPLITS
#include "kernels/vector/each_width.inc"

typedef void (*finish_function)(const run_job *job, const sg_tap_layer *layer, int64_t column,
                                const block_place *place, const float *products);

static finish_function choose_finish(void)
{
#ifdef SG_WIDE_VECTORS
    if (sg_tap_parts() > 1)
        return finish_split;
#endif
    return SG_LANES_CHOOSE(sg_vector_lanes(), finish);
}

/* ---- weights ---- */

static int64_t panels_of(int64_t channels)
{
    return sg_divide_up(channels, SG_TAP_COLUMNS);
}

/* Kernels' rows are runs of whole rows of pixels. */
static int64_t run_depth(const sg_tap_convolution *c)
{
    return c->kernel_width * c->in_channels;
}

static int64_t panel_floats(const sg_tap_convolution *c)
{
    return sg_tap_panel_floats(c->kernel_height, run_depth(c));
}

size_t sg_tap_packed_bytes(const sg_tap_convolution *c, int64_t channels)
{
    return (size_t)(panels_of(channels) * panel_floats(c)) * sizeof(float);
}

void sg_tap_pack_weights(const sg_tap_convolution *c, int64_t channels, const float *weights,
                         float *packed)
{
    const int64_t taps = c->kernel_height * run_depth(c);
    for (int64_t first = 0; first < channels; first += SG_TAP_COLUMNS) {
        sg_tap_pack(c->kernel_height, run_depth(c), sg_least(SG_TAP_COLUMNS, channels - first),
                    weights + first * taps, packed);
        packed += panel_floats(c);
    }
}

/* ---- blocks ---- */

static block_place place_of(const run_job *job, int64_t block)
{
    const int64_t line = block / job->line_blocks;
    const int64_t first = block % job->line_blocks * job->rows;
    const int64_t lines = job->joined ? 1 : job->flat ? 1 : job->height;
    const int64_t y = line % lines + first / job->span;
    return (block_place){.picture = line / lines + y / job->height,
                         .y = y % job->height,
                         .x = first % job->span,
                         .rows = sg_least(job->rows, job->line - first)};
}

static void multiply_block(const run_job *job, const block_place *place, const float *panel,
                           float *products)
{
    const sg_tap_convolution *c = job->convolution;
    const sg_tap_image *s = job->source;
    const int64_t at = place->picture * s->picture + (place->y * c->stride - c->pad_y) * s->row +
                       (place->x * c->stride - c->pad_x) * s->pixel;
    const int64_t number = sg_tap_parts() > 1 ? (int64_t)sizeof(uint16_t) : (int64_t)sizeof(float);
    const sg_tap_rows rows = {.first = (const char *)s->values + at * number,
                              .row_step = c->stride * s->pixel,
                              .run_step = s->row,
                              .plane = s->plane,
                              .runs = c->kernel_height,
                              .depth = run_depth(c),
                              .count = job->rows};
    sg_tap_multiply(&rows, panel, products);
}

/* Computes panels `first` to `last`, counted over all layers, for a group of blocks. */
static void run_group(const run_job *job, int64_t group, int64_t first, int64_t last)
{
    float products[SG_TAP_ROWS_STORED * SG_TAP_COLUMNS] __attribute__((aligned(64)));
    const finish_function finish = choose_finish();
    const int64_t begin = group * job->group;
    const int64_t end = sg_least(begin + job->group, job->blocks);
    const sg_tap_layer *layer = job->layers;
    int64_t start = 0; /* the layer's first panel */
    for (int64_t panel = first; panel < last; panel++) {
        while (panel - start >= panels_of(layer->channels))
            start += panels_of(layer++->channels);
        const float *packed = layer->packed + (panel - start) * panel_floats(job->convolution);
        for (int64_t block = begin; block < end; block++) {
            const block_place place = place_of(job, block);
            multiply_block(job, &place, packed, products);
            finish(job, layer, (panel - start) * SG_TAP_COLUMNS, &place, products);
        }
    }
}

static void run_range(size_t begin, size_t end, void *argument)
{
    const run_job *job = argument;
    sg_tap_begin(job->rows);
    for (int64_t item = (int64_t)begin; item < (int64_t)end; item++) {
        const int64_t share = item % job->shares;
        run_group(job, item / job->shares, job->panels * share / job->shares,
                  job->panels * (share + 1) / job->shares);
    }
    sg_tap_end();
}

/* ---- runs ---- */

/* Lines of blocks of equal rows, as many as a block may have. */
static void choose_blocks(run_job *job, int64_t batch)
{
    const sg_tap_convolution *c = job->convolution;
    const sg_tap_image *s = job->source;
    job->flat = c->stride == 1;
    job->span = job->flat ? s->row / s->pixel : job->width;
    job->joined = job->flat && s->picture == job->height * s->row;
    job->line = job->span * (job->flat ? job->height : 1) * (job->joined ? batch : 1);
    job->line_blocks = sg_divide_up(job->line, SG_TAP_ROWS);
    job->rows = sg_divide_up(job->line, job->line_blocks);
    job->rows += job->rows % 2;
    job->line_blocks = sg_divide_up(job->line, job->rows);
    job->blocks = job->line_blocks * (job->joined ? 1 : batch * (job->flat ? 1 : job->height));
}

/* Groups of blocks that stay in cache, and enough of them, or shares, for all threads. */
static void choose_groups(run_job *job)
{
    const int64_t threads = sg_thread_count();
    const int64_t pixel = job->source->pixel * SG_TAP_PARTS * (int64_t)sizeof(uint16_t);
    const int64_t fitting = GROUP_BYTES / (job->rows * job->convolution->stride * pixel);
    job->group = sg_least(fitting > 1 ? fitting : 1, sg_divide_up(job->blocks, threads));
    const int64_t groups = sg_divide_up(job->blocks, job->group);
    job->shares = groups % threads && groups < 4 * threads ? sg_least(threads, job->panels) : 1;
}

void sg_tap_convolution_run(const sg_tap_convolution *convolution, const sg_tap_image *source,
                            const sg_tap_layer *layers, int64_t count, int64_t batch)
{
    run_job job = {.convolution = convolution,
                   .source = source,
                   .layers = layers,
                   .width = layers->target.width,
                   .height = layers->target.height};
    for (int64_t i = 0; i < count; i++)
        job.panels += panels_of(layers[i].channels);
    choose_blocks(&job, batch);
    choose_groups(&job);
    sg_parallel_for((size_t)(sg_divide_up(job.blocks, job.group) * job.shares), 1, run_range, &job);
}
