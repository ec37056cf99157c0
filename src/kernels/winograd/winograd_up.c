/*
 * Upsampling convolution: the choice of blocks, strips of the intermediate image t, stages over
 * threads. As in winograd.c, threads take bands of their own or, with large weights, one block
 * together.
 */
#include "kernels/winograd/winograd_up.h"

#include <string.h>

#include "base/parallel.h"
#include "kernels/product/product.h"
#include "kernels/vector/integers.h"
#include "kernels/vector/lanes.h"
#include "kernels/vector/vectorise.h"
#include "kernels/winograd/winograd_pack.h"

enum {
    TILE = 4,     /* pixels of x on a tile's side */
    IN_SIDE = 5,  /* a tile and the pixel before it */
    OUT_SIDE = 8, /* pixels of t on its side */
    POINTS = 9,   /* products along an axis: five for even pixels, four for odd ones */
    FREQUENCIES = POINTS * POINTS,
    CHANNEL_STEP = 16, /* channels must be a multiple: whole vectors of every width */
    MIN_TILES = 32,
    MARGIN = 8,         /* zero pixels at both ends of a row of t: the reach of the filter */
    SPAN = 32,          /* the most pixels of a row that are filtered at a time */
    LEAST_SPAN = 8,     /* the fewest */
    SPAN_FLOATS = 1024, /* about as many floats are filtered at a time */
    SKEW = 16           /* floats between frequencies, which keep them off the same cache sets */
};

/* Floats of a block's frequencies and products: for a core's L2 cache, beside the strip, or for all
 * cores. */
static const int64_t own_block_floats = 128 * 1024;
static const int64_t joint_block_floats = 4 * 1024 * 1024;

/* Floats of the rows of t that all cores hold together. */
static const int64_t joint_rows_floats = 2 * 1024 * 1024;

/* Weights with more bytes than this are streamed once for all cores instead of once for each. */
static const size_t own_weights_bytes = 4 * 1024 * 1024;

typedef struct plan {
    int64_t height, width, in_channels, out_channels; /* of x */
    int64_t tiles_y, tiles_x;                         /* of one sample */
    bool edge;       /* the last row of tiles has one row of t only, the last one */
    bool split;      /* the format of the products */
    bool joint;      /* all threads work on one block; otherwise each on its own rows of tiles */
    int64_t block;   /* tiles that go through the stages together */
    int64_t bands;   /* shares of the rows of tiles, each with its own scratch */
    int64_t history; /* rows of t from above a row of tiles that its results read */
    int64_t group;   /* rows of tiles whose rows of t are held at a time */
    int64_t columns; /* of t that are held: all, or those of a block */
    int64_t span;    /* pixels of a row that are filtered at a time */
    int64_t padded_out;
    int64_t in_row, in_stride, out_stride; /* as in winograd.c */
} plan;

typedef struct run_job {
    const sg_winograd_up_shape *shape;
    plan plan;
    const sg_fused_pass *pass;
    const float *packed, *image, *noise; /* of the sample */
    float *picture, *scratch;
    int64_t sample;
    int64_t start, count, parts; /* of the joint block */
    int64_t top, first_row;      /* the first row of t, and of the result, of the joint group */
    int64_t frequencies;         /* of which products are taken */
} run_job;

/*
 * The part of t that a band, or all threads together, hold. A row has MARGIN pixels before its
 * first and after its last column. Vertically, the history (the last rows of the row of tiles
 * above, at full width) comes before `rows`, which begin at row `top` and column `left` of t.
 */
typedef struct strip {
    float *rows, *history, *zeros;
    int64_t top, left;
    int64_t saved; /* columns of the history that this row of tiles has overwritten already */
} strip;

/* Pixels of the result; `bottom` and `right` are excluded. */
typedef struct rectangle {
    int64_t top, bottom, left, right;
} rectangle;

/* Return the floats of a held row of t and of a full one. Pixels lie a power of two apart, so rows
 * must not: the pixels that a filter reads from several rows would share cache sets. */
static int64_t row_floats(const plan *p)
{
    return (p->columns + 2 * MARGIN) * p->out_channels + SKEW;
}

static int64_t full_row_floats(const plan *p)
{
    return (OUT_SIDE * p->tiles_x + 2 * MARGIN) * p->out_channels + SKEW;
}

/* Returns the address of pixel 0 of row y of t, which may lie left of the held columns; a row of
 * zeros above and below the image. */
static float *strip_row(const plan *p, const strip *s, int64_t y)
{
    if (y < 0 || y > 2 * p->height)
        return s->zeros + MARGIN * p->out_channels;
    if (y < s->top)
        return s->history + (y - s->top + p->history) * full_row_floats(p) +
               MARGIN * p->out_channels;
    return s->rows + (y - s->top) * row_floats(p) + (MARGIN - s->left) * p->out_channels;
}

/* Joint plans hold full rows of t of several rows of tiles; others hold the rows of a block. */
static void choose_blocks(plan *p)
{
    int64_t threads = sg_thread_count();
    size_t weights = sg_winograd_packed_bytes(p->in_channels, p->out_channels);
    int64_t tile_floats = FREQUENCIES * (p->in_row + p->padded_out);
    int64_t rows = sg_product_rows(p->split);
    p->joint = weights > own_weights_bytes && threads > 1;
    int64_t together = joint_rows_floats / (OUT_SIDE * full_row_floats(p));
    p->group = p->joint ? sg_least(together > 1 ? together : 1, p->tiles_y) : 1;
    int64_t room = (p->joint ? joint_block_floats : own_block_floats) / tile_floats;
    int64_t share = p->tiles_x * p->group;
    int64_t block = sg_least(room > rows ? room : rows, share);
    p->block = sg_divide_up(share, sg_divide_up(share, block));
    if (p->joint && p->block < p->tiles_x)
        p->block = p->tiles_x; /* since the edge is one block */
    p->bands = p->joint ? 1 : sg_least(p->tiles_y, threads);
    p->columns = OUT_SIDE * (p->joint ? p->tiles_x : p->block);
    int64_t held = sg_divide_up(p->block, rows) * rows;
    p->in_stride = held * p->in_row + SKEW;
    p->out_stride = held * p->padded_out + SKEW;
}

static plan make_plan(const sg_winograd_up_shape *s)
{
    plan p = {.height = s->in_height,
              .width = s->in_width,
              .in_channels = s->in_channels,
              .out_channels = s->out_channels,
              .tiles_y = sg_divide_up(s->in_height + 1, TILE),
              .tiles_x = sg_divide_up(s->in_width + 1, TILE),
              .edge = s->in_height % TILE == 0,
              .history = s->taps - 1,
              .padded_out = sg_winograd_padded(s->out_channels),
              .split = sg_product_splits(s->in_channels)};
    p.in_row = p.in_channels + (p.in_channels >= 128 ? SKEW : 0);
    p.span = sg_least(SPAN, SPAN_FLOATS / p.out_channels);
    p.span = p.span < LEAST_SPAN ? LEAST_SPAN : p.span;
    choose_blocks(&p);
    return p;
}

bool sg_winograd_up_suits(const sg_winograd_up_shape *s)
{
    if (s->in_channels % CHANNEL_STEP || s->out_channels % CHANNEL_STEP)
        return false;
    if (s->taps < 2 || s->taps > SG_WINOGRAD_UP_MAX_TAPS || s->pad < 0 || s->pad >= s->taps)
        return false;
    return s->in_height * s->in_width >= MIN_TILES * TILE * TILE;
}

void sg_winograd_up_pack(const sg_winograd_up_shape *shape, double gain, const float *weights,
                         float *packed)
{
    sg_winograd_weights job = {.transform = SG_WINOGRAD_UPSAMPLING,
                               .in_channels = shape->in_channels,
                               .out_channels = shape->out_channels,
                               .known_in = shape->in_channels,
                               .known_out = shape->out_channels,
                               .in_step = 9,
                               .out_step = 9 * shape->in_channels,
                               .parts = sg_product_splits(shape->in_channels) ? 2 : 1,
                               .gain = (float)gain,
                               .values = weights};
    sg_winograd_pack_weights(&job, packed);
}

#define TEMPLATE "kernels/winograd/winograd_up.inc"
#define TEMPLATE_SPLITS
#include "kernels/vector/each_width.inc"

/* Returns the matrix of weights of a frequency: along an axis, odd pixels share theirs. */
static int64_t matrix_of(int64_t frequency)
{
    return sg_least(frequency / POINTS, 5) * 6 + sg_least(frequency % POINTS, 5);
}

static int64_t depth_floats(const plan *p)
{
    return p->in_channels;
}

static sg_product_function choose_product(const plan *p)
{
    return sg_product_choose(p->split);
}

#include "kernels/winograd/winograd_stages.inc"

static int64_t band_floats(const plan *p)
{
    return block_floats(p) + OUT_SIDE * p->group * row_floats(p) +
           (p->history + 1) * full_row_floats(p);
}

size_t sg_winograd_up_scratch_bytes(const sg_winograd_up_shape *shape)
{
    plan p = make_plan(shape);
    return (size_t)(p.bands * band_floats(&p)) * sizeof(float);
}

static void tiles_out(const run_job *work, const strip *s, int64_t start, int64_t first,
                      int64_t last, const float *block)
{
    const float *products = block + FREQUENCIES * work->plan.in_stride;
    SG_LANES_CHOOSE(sg_vector_lanes(), block_out)(work, s, start, first, last, products);
}

static void filter(const run_job *work, const strip *s, rectangle r)
{
    SG_LANES_CHOOSE(sg_vector_lanes(), filter)(work, s, r);
}

/* Returns the strip in the scratch of a band, after its block. */
static strip find_strip(const plan *p, float *band)
{
    float *rows = band + block_floats(p);
    float *history = rows + OUT_SIDE * p->group * row_floats(p);
    return (strip){
        .rows = rows, .history = history, .zeros = history + p->history * full_row_floats(p)};
}

/* Clears MARGIN pixels of the first `count` held rows, from pixel `first` on. */
static void clear_margin(const plan *p, const strip *s, int64_t count, int64_t first)
{
    for (int64_t row = 0; row < count; row++)
        memset(s->rows + row * row_floats(p) + first * p->out_channels, 0,
               (size_t)(MARGIN * p->out_channels) * sizeof(float));
}

/* Clears the parts that no tile writes: margins, history, the row of zeros. */
static strip clear_strip(const plan *p, float *band)
{
    strip s = find_strip(p, band);
    clear_margin(p, &s, OUT_SIDE * p->group, 0);
    clear_margin(p, &s, OUT_SIDE * p->group, MARGIN + p->columns);
    memset(s.history, 0, (size_t)((p->history + 1) * full_row_floats(p)) * sizeof(float));
    return s;
}

/* ---- one block after the other, all threads on each ---- */

static strip joint_strip(const run_job *work)
{
    strip s = find_strip(&work->plan, work->scratch);
    s.top = work->top;
    return s;
}

static void joint_out(size_t begin, size_t end, void *argument)
{
    const run_job *work = argument;
    strip s = joint_strip(work);
    tiles_out(work, &s, work->start, work->start + (int64_t)begin, work->start + (int64_t)end,
              work->scratch);
}

static void joint_filter(size_t begin, size_t end, void *argument)
{
    const run_job *work = argument;
    int64_t last = work->first_row + (int64_t)end;
    strip s = joint_strip(work);
    for (int64_t y = work->first_row + (int64_t)begin; y < last; y += OUT_SIDE)
        filter(work, &s, (rectangle){y, sg_least(y + OUT_SIDE, last), 0, 2 * work->plan.width});
}

/*
 * Returns how many rows (or columns) of the result have all their taps in the first `done` of
 * `tiles` rows (columns) of tiles; `size` if `done` is all of them.
 */
static int64_t finished(const run_job *work, int64_t done, int64_t tiles, int64_t size)
{
    int64_t count = OUT_SIDE * done - work->shape->taps + work->shape->pad + 1;
    return done == tiles ? size : count < 0 ? 0 : sg_least(count, size);
}

/* Computes rows of tiles `first` to `last`, and the rows of the result that these complete. */
static void joint_group(run_job *work, int64_t first, int64_t last)
{
    const plan *p = &work->plan;
    bool edge = p->edge && last == p->tiles_y;
    int64_t end = (last - edge) * p->tiles_x;
    work->top = OUT_SIDE * first;
    for (int64_t start = first * p->tiles_x; start < end; start += p->block)
        joint_block(work, start, sg_least(p->block, end - start), FREQUENCIES);
    if (edge)
        joint_block(work, end, p->tiles_x, POINTS);
    work->first_row = finished(work, first, p->tiles_y, 2 * p->height);
    int64_t done = finished(work, last, p->tiles_y, 2 * p->height);
    sg_parallel_for((size_t)(done - work->first_row), OUT_SIDE, joint_filter, work);
    /* The results of the next group read the last rows of this one. */
    const strip s = joint_strip(work);
    memcpy(s.history, s.rows + (OUT_SIDE * (last - first) - p->history) * row_floats(p),
           (size_t)(p->history * row_floats(p)) * sizeof(float));
}

/* Runs one block after the other on all threads, so that the weights are read few times. */
static void run_jointly(run_job *work)
{
    const plan *p = &work->plan;
    clear_strip(p, work->scratch);
    for (int64_t row = 0; row < p->tiles_y; row += p->group)
        joint_group(work, row, sg_least(row + p->group, p->tiles_y));
}

/* ---- bands of tile rows, a thread on each ---- */

/* Copies the last rows of t to the history, up to column `end`. */
static void save_history(const plan *p, strip *s, int64_t end)
{
    size_t bytes = (size_t)((end - s->saved) * p->out_channels) * sizeof(float);
    for (int64_t k = 0; k < p->history && end > s->saved; k++) {
        int64_t y = s->top + OUT_SIDE - p->history + k;
        const float *row = s->rows + (y - s->top) * row_floats(p);
        memcpy(s->history + k * full_row_floats(p) + (MARGIN + s->saved) * p->out_channels,
               row + (MARGIN + s->saved - s->left) * p->out_channels, bytes);
    }
    s->saved = end > s->saved ? end : s->saved;
}

/* Copies the end of the block, `count` tiles wide, to the margin of the next one. */
static void move_on(const plan *p, strip *s, int64_t count)
{
    for (int64_t row = 0; row < OUT_SIDE; row++) {
        float *begin = s->rows + row * row_floats(p);
        memcpy(begin, begin + OUT_SIDE * count * p->out_channels,
               (size_t)(MARGIN * p->out_channels) * sizeof(float));
    }
    s->left += OUT_SIDE * count;
}

/* Begins a row of tiles: zeros to its left. */
static void start_row(const plan *p, strip *s, int64_t row)
{
    s->top = OUT_SIDE * row;
    s->left = 0;
    s->saved = 0;
    clear_margin(p, s, OUT_SIDE, 0);
}

/*
 * Computes rows of t from a row of tiles and, block by block while t is in cache, rows `top` to
 * `bottom` of the result. The history is overwritten as far as later blocks do not read it.
 */
static void run_tile_row(const run_job *work, strip *s, int64_t row, int64_t top, int64_t bottom,
                         float *block)
{
    const plan *p = &work->plan;
    rectangle r = {top, bottom, 0, 0};
    int64_t frequencies = p->edge && row == p->tiles_y - 1 ? POINTS : FREQUENCIES;
    start_row(p, s, row);
    for (int64_t column = 0; column < p->tiles_x; column += p->block) {
        int64_t count = sg_least(p->block, p->tiles_x - column);
        int64_t first = row * p->tiles_x + column;
        tiles_in(work, first, first, first + count, block);
        multiply_all(work, frequencies, count, block);
        tiles_out(work, s, first, first, first + count, block);
        bool last = column + count == p->tiles_x;
        if (last)
            clear_margin(p, s, OUT_SIDE, MARGIN + OUT_SIDE * count);
        r.left = r.right;
        r.right = finished(work, column + count, p->tiles_x, 2 * p->width);
        filter(work, s, r);
        save_history(p, s, last ? OUT_SIDE * p->tiles_x : r.right - work->shape->pad);
        move_on(p, s, count);
    }
}

/* Runs bands. A band starts with the row of tiles above it, whose last rows of t it reads. */
static void run_bands(size_t begin, size_t end, void *argument)
{
    const run_job *work = argument;
    const plan *p = &work->plan;
    for (int64_t band = (int64_t)begin; band < (int64_t)end; band++) {
        float *block = work->scratch + band * band_floats(p);
        strip s = clear_strip(p, block);
        int64_t first = p->tiles_y * band / p->bands;
        int64_t last = p->tiles_y * (band + 1) / p->bands;
        if (first > 0)
            run_tile_row(work, &s, first - 1, 0, 0, block);
        for (int64_t row = first; row < last; row++)
            run_tile_row(work, &s, row, finished(work, row, p->tiles_y, 2 * p->height),
                         finished(work, row + 1, p->tiles_y, 2 * p->height), block);
    }
}

void sg_winograd_up_run(const sg_winograd_up_shape *shape, const float *packed, const float *source,
                        float *result, void *scratch, const sg_fused_pass *pass)
{
    run_job work = {.shape = shape,
                    .plan = make_plan(shape),
                    .pass = pass,
                    .packed = packed,
                    .scratch = scratch};
    int64_t pixels = shape->in_height * shape->in_width;
    for (work.sample = 0; work.sample < shape->batch; work.sample++) {
        work.image = source + work.sample * pixels * shape->in_channels;
        work.picture = result + work.sample * 4 * pixels * shape->out_channels;
        work.noise = sg_fused_pass_noise(pass, work.sample, 4 * pixels);
        if (work.plan.joint)
            run_jointly(&work);
        else
            sg_parallel_for((size_t)work.plan.bands, 1, run_bands, &work);
    }
}
