/*
 * Filtered leaky ReLU: tiles, their rows in scratch, and what each thread does.
 *
 * A thread takes a few vectors of channels of some columns of the result and moves down. Rows of x
 * are upsampled vertically, then horizontally to rows of v, one at a time in the L1 cache; a row of
 * v is activated and downsampled horizontally at once, and the row that results waits in a ring
 * until the vertical downsampling has read it. A filter that is not a product of a column and a row
 * is split into a sum of products; each term has rows of its own. filtered_sweep.inc has a faster
 * algorithm for the usual layers off the tape.
 *
 * Tested by: tests/ops/test_filtered_lrelu.c
 */
#include "kernels/resample/filtered_lrelu.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "kernels/vector/integers.h"
#include "kernels/vector/lanes.h"
#include "kernels/vector/vectorise.h"

enum {
    MAX_UP = 8,
    MAX_DOWN = 8,
    MAX_TAPS = SG_SEPARABLE_MAX_TAPS + MAX_UP, /* rounded up to whole phases */
    MAX_TERMS = SG_SEPARABLE_MAX_TERMS,
    ROWS = 4,            /* of the result at a time: they share what they read */
    TILE_CHANNELS = 128, /* channels of a tile; half of it for downsampling of several terms */
    TILE_COLUMNS = 96,   /* the most columns of the result in a tile: a few rows of v fit into L1 */
    STRETCH = 16,        /* columns whose results are collected before they are written */
    BAND_ROWS = 32       /* the fewest rows of a tile when the image is split for more threads */
};

/* Sizes of the sweep, in elements of the axes or in vectors. */
enum {
    SWEEP_TAPS = 6, /* pixels of x that an element of v reads; outputs that read an element of v */
    SWEEP_ROWS = 8, /* rows of v per step */
    SWEEP_RESULTS = 4, /* result rows completed per step */
    CHUNK = 24,        /* elements of a row of v at a time */
    HISTORY = 12,      /* elements of v kept from before a chunk */
    UP_PITCH = CHUNK / 2 + SWEEP_TAPS - 1,
    LINE_PITCH = CHUNK / 2 + 1,
    SWEEP_CHANNELS =
        64, /* channels of a tile: its rows of x and partial sums stay in the L2 cache */
    SWEEP_COLUMNS = 160, /* the most columns of the result in a tile */
    FETCH_AHEAD = 32     /* pixels of x that are prefetched before they are loaded */
};

/* Larger results are written past the caches, where they would not stay. */
static const int64_t stream_floats = 1 << 20;

/* Columns or rows of the result, and the elements of v and x that they are computed from. */
typedef struct span {
    int64_t first, last; /* of the result; `last` is excluded */
    int64_t begin, end;  /* elements of v that they read; `end` is excluded */
    int64_t window;      /* the first pixel of x that the first group of v reads */
    int64_t groups;      /* of `up` elements of v that read the same pixels of x */
    int64_t start;       /* the first element of the first group: up to up - 1 before `begin` */
} span;

/* Sizes in scratch, the same for all tiles, in floats. */
typedef struct plan {
    int64_t tile_channels, x_blocks, y_bands, channel_groups, tiles, workers;
    int64_t in_taps_y, in_taps_x; /* pixels of x that an element of v reads along the axes */
    int64_t pair;                 /* groups of rows of v computed at a time, 1 or 2 */
    int64_t in_ring;              /* rows of x that are kept */
    int64_t in_pitch;             /* of a row of x, and of a row upsampled vertically */
    int64_t upsampled_floats;     /* of the rows of x upsampled vertically */
    int64_t v_floats;             /* of a row of v */
    int64_t out_pitch, ring;      /* of rows that wait for vertical downsampling; their number */
    int64_t stage_floats;         /* of results to be written, [ROWS, STRETCH, TILE_CHANNELS] */
    int64_t shared_floats, slice_floats; /* of a tile, and of each vector of channels in it */
} plan;

typedef struct filtered_job {
    const sg_filtered_lrelu_shape *shape;
    const float *x, *bias;
    unsigned char *mask;
    float *y, *scratch;
    bool streamed; /* the result is written past the caches */
    plan plan;
    sg_separable_sum up, down;             /* of the upsampling and downsampling filter */
    float up_column[MAX_TERMS * MAX_TAPS]; /* [term, phase, pixel] */
    float up_row[MAX_TERMS * MAX_TAPS];    /* [phase, term, pixel] */
    double up_sum; /* the largest sum of magnitudes of the taps that make an element of v */
    float down_column[MAX_TERMS * MAX_TAPS]; /* [term, tap] */
    bool swept;                              /* computed by filtered_sweep.inc */
    int64_t skew; /* elements by which the first group of v begins early, in a sweep */
    /* Halves of symmetric filters, for the sweep. */
    float sweep_up[4 * SWEEP_TAPS / 2];
    float sweep_row[MAX_TERMS * SWEEP_TAPS], sweep_column[MAX_TERMS * SWEEP_TAPS];
} filtered_job;

/* A piece of work for a thread: `slices` vectors of channels from `channel` on. */
typedef struct tile {
    int64_t sample, channel, slices;
    span y, x;
    float *scratch; /* zeros outside the image's columns */
} tile;

/* Sources and destinations of a loop over `count` vectors; steps and pitches in floats. */
typedef struct vector_loop {
    const float *const *source; /* operands of the first vector's results */
    int64_t source_step;        /* from one vector to the next */
    float *to;                  /* the first vector's results */
    int64_t to_pitch, to_step;  /* between the results of a vector; between vectors */
    int64_t count, lanes;       /* vectors; values of each that are written */
} vector_loop;

/* A downsampling filter: [terms, taps]. */
typedef struct decimator {
    int64_t down, taps, terms;
    const float *weights;
} decimator;

/* Pairs of vectors of rows of x to be prefetched. */
typedef struct fetch_list {
    const float *from;
    int64_t columns, pairs; /* columns of a row; pairs of a pixel */
    int64_t count, done, share;
} fetch_list;

/* A cursor over the pixels of a tile, row by row. */
typedef struct pixel_cursor {
    const float *at;
    int64_t left; /* of this row */
} pixel_cursor;

/* Moves between memory and the caches, some of them after each row of a chunk. */
typedef struct pending_io {
    pixel_cursor loaded, fetched; /* x, into the rings, and some pixels ahead of it */
    int64_t pixels, row_gap;      /* of a row; floats from its last to the next one's first */
    int64_t row;                  /* that is loaded */
    float *target;                /* where its next pixel goes in the first slice's ring */
    int64_t to_load, due;         /* pixels for the next step; those times the step's rows, */
    int64_t rate, rows;           /* a pixel is due when `rate` a row have come to `rows` */
    int64_t write_first, write_last, write_columns; /* of the stage, what is to be written */
    int64_t to;                                     /* from here on in the result */
} pending_io;

/* Returns the tap of the first half of a symmetric line that equals this one. */
static inline int64_t mirrored(int64_t tap, int64_t taps)
{
    return tap < taps / 2 ? tap : taps - 1 - tap;
}

/* Returns value / by rounded up, for either sign of value. */
static int64_t divide_up(int64_t value, int64_t by)
{
    return value >= 0 ? (value + by - 1) / by : -(-value / by);
}

int64_t sg_filtered_reach(const sg_filtered_axis *axis)
{
    return (axis->out - 1) * axis->down + axis->down_taps;
}

/* A word of the mask holds two bits for each lane of a vector: right of zero, then not clamped. */
size_t sg_filtered_mask_bytes(const sg_filtered_lrelu_shape *shape)
{
    int64_t lanes = sg_vector_lanes();
    int64_t words = shape->samples * divide_up(shape->channels, lanes) * shape->y.mask_size *
                    shape->x.mask_size;
    return (size_t)(words * lanes / 4);
}

static double axis_phases(const sg_filtered_axis *axis)
{
    return (double)divide_up(axis->up_taps, axis->up);
}

static bool is_product(const sg_filter_taps *filter)
{
    return !filter->values || !filter->width;
}

double sg_filtered_multiply_adds(const sg_filtered_lrelu_shape *shape)
{
    const sg_filtered_axis *y = &shape->y;
    const sg_filtered_axis *x = &shape->x;
    double v_rows = (double)(y->out * y->down);
    double v_columns = (double)(x->out * x->down);
    double out = (double)(y->out * x->out);
    double up = 0;
    double down = 0;
    if (y->up_taps > 1 || x->up_taps > 1)
        up = is_product(&shape->up_filter)
                 ? (double)y->in * v_columns * axis_phases(x) + v_rows * v_columns * axis_phases(y)
                 : v_rows * v_columns * axis_phases(x) * axis_phases(y);
    if (y->down_taps > 1 || x->down_taps > 1)
        down = is_product(&shape->down_filter)
                   ? (double)y->out * v_columns * (double)y->down_taps + out * (double)x->down_taps
                   : out * (double)(y->down_taps * x->down_taps);
    return (double)(shape->samples * shape->channels) * (up + down);
}

/* ---- tiles ---- */

static span make_span(const sg_filtered_axis *axis, int64_t first, int64_t last)
{
    span s = {.first = first,
              .last = last,
              .begin = first * axis->down,
              .end = (last - 1) * axis->down + axis->down_taps};
    s.window = divide_up(s.begin - axis->pad, axis->up);
    s.groups = divide_up(s.end - 1 - axis->pad, axis->up) - s.window + 1;
    s.start = axis->up * (s.window - 1) + 1 + axis->pad;
    return s;
}

/* Returns the most groups that a span of this many outputs has, wherever it begins. */
static int64_t most_groups(const sg_filtered_axis *axis, int64_t outputs)
{
    return ((outputs - 1) * axis->down + axis->down_taps) / axis->up + 2;
}

/* Rows lie an odd number of vectors apart, which keeps them off the same cache sets. */
static int64_t odd_pitch(int64_t vectors, int64_t lanes)
{
    return (vectors | 1) * lanes;
}

static int64_t band_count(const sg_filtered_lrelu_shape *shape, int64_t tiles)
{
    int64_t wanted = divide_up(2 * sg_thread_count(), tiles);
    return sg_most(sg_least(wanted, shape->y.out / BAND_ROWS), 1);
}

/* Cuts the work into tiles of at most so many columns and channels. */
static plan cut_tiles(const sg_filtered_lrelu_shape *shape, int64_t columns, int64_t channels)
{
    const sg_filtered_axis *y = &shape->y;
    const sg_filtered_axis *x = &shape->x;
    plan p = {.tile_channels = channels,
              .x_blocks = divide_up(x->out, columns),
              .channel_groups = divide_up(shape->channels, channels),
              .in_taps_y = divide_up(y->up_taps, y->up),
              .in_taps_x = divide_up(x->up_taps, x->up)};
    p.y_bands = band_count(shape, shape->samples * p.x_blocks * p.channel_groups);
    p.tiles = shape->samples * p.x_blocks * p.channel_groups * p.y_bands;
    p.workers = sg_least(p.tiles, sg_thread_count());
    return p;
}

/* Returns the begin of a band or block of the result: even, so that all begin alike in v. */
static int64_t cut(int64_t size, int64_t index, int64_t count)
{
    return index == count ? size : size * index / count / 2 * 2;
}

static plan plan_sweep(const sg_filtered_lrelu_shape *shape, int64_t down_terms)
{
    int64_t lanes = sg_vector_lanes();
    plan p = cut_tiles(shape, SWEEP_COLUMNS, SWEEP_CHANNELS);
    int64_t columns = divide_up(shape->x.out, p.x_blocks) + 2;
    p.in_ring = 2 * SWEEP_ROWS / shape->y.up + SWEEP_TAPS - 1; /* for this step and the next */
    p.in_pitch = odd_pitch(most_groups(&shape->x, columns) + 2 * SWEEP_TAPS, lanes);
    p.upsampled_floats = SWEEP_ROWS * UP_PITCH * lanes;
    p.v_floats = SWEEP_ROWS * (SWEEP_TAPS + HISTORY + down_terms * LINE_PITCH) * lanes +
                 (HISTORY + CHUNK) * lanes;
    p.out_pitch = odd_pitch(columns, lanes);
    p.stage_floats = SWEEP_RESULTS * LINE_PITCH * lanes;
    p.shared_floats = p.in_pitch + p.upsampled_floats + p.v_floats + p.stage_floats;
    p.slice_floats = p.in_pitch * p.in_ring + p.out_pitch * SWEEP_TAPS;
    return p;
}

static plan make_plan(const sg_filtered_lrelu_shape *shape, int64_t up_terms, int64_t down_terms)
{
    const sg_filtered_axis *y = &shape->y;
    const sg_filtered_axis *x = &shape->x;
    int64_t lanes = sg_vector_lanes();
    plan p = cut_tiles(shape, TILE_COLUMNS, down_terms > 1 ? TILE_CHANNELS / 2 : TILE_CHANNELS);
    int64_t columns = divide_up(x->out, p.x_blocks) + 2;
    int64_t groups = most_groups(x, columns);
    p.pair = up_terms == 1 && y->up <= 2 ? 2 : 1;
    p.in_ring = p.in_taps_y + p.pair - 1;
    p.in_pitch = odd_pitch(groups + p.in_taps_x, lanes);
    p.upsampled_floats = p.in_pitch * p.pair * up_terms * y->up;
    p.v_floats = groups * x->up * lanes;
    p.out_pitch = odd_pitch(columns, lanes);
    p.ring = y->down_taps + (ROWS - 1) * y->down + p.pair * y->up - 1;
    p.stage_floats = ROWS * STRETCH * TILE_CHANNELS;
    p.shared_floats = p.stage_floats + p.in_pitch + p.upsampled_floats + p.v_floats;
    p.slice_floats = p.in_pitch * p.in_ring + p.out_pitch * p.ring * down_terms;
    return p;
}

static int64_t worker_floats(const plan *p)
{
    return p->shared_floats + p->tile_channels / sg_vector_lanes() * p->slice_floats;
}

static tile make_tile(const filtered_job *work, int64_t index)
{
    const sg_filtered_lrelu_shape *shape = work->shape;
    const plan *p = &work->plan;
    int64_t band = index % p->y_bands;
    int64_t group = index / p->y_bands % p->channel_groups;
    int64_t sample = index / (p->y_bands * p->channel_groups) % shape->samples;
    int64_t block = index / (p->y_bands * p->channel_groups * shape->samples);
    int64_t rows = shape->y.out;
    int64_t columns = shape->x.out;
    tile t = {.sample = sample, .channel = group * p->tile_channels};
    int64_t channels = sg_least(shape->channels - t.channel, p->tile_channels);
    t.slices = divide_up(channels, sg_vector_lanes());
    t.y = make_span(&shape->y, cut(rows, band, p->y_bands), cut(rows, band + 1, p->y_bands));
    t.x = make_span(&shape->x, cut(columns, block, p->x_blocks),
                    cut(columns, block + 1, p->x_blocks));
    return t;
}

/* ---- the kernels ---- */

#define TEMPLATE "kernels/resample/filtered_lrelu.inc"
#include "kernels/vector/each_width.inc"

/* ---- a run ---- */

static void run_workers(size_t begin, size_t end, void *argument)
{
    const filtered_job *work = argument;
    const plan *p = &work->plan;
    for (int64_t worker = (int64_t)begin; worker < (int64_t)end; worker++) {
        int64_t last = p->tiles * (worker + 1) / p->workers;
        int64_t block = -1;
        for (int64_t i = p->tiles * worker / p->workers; i < last; i++) {
            tile t = make_tile(work, i);
            t.scratch = work->scratch + worker * worker_floats(p);
            if (t.x.first != block)
                memset(t.scratch, 0, (size_t)worker_floats(p) * sizeof(float));
            block = t.x.first;
            if (work->swept)
                SG_LANES_CHOOSE(sg_vector_lanes(), sweep_tile)(work, &t);
            else
                SG_LANES_CHOOSE(sg_vector_lanes(), run_tile)(work, &t);
        }
    }
}

/* Returns the largest sum of the magnitudes of the taps of one phase. */
static double phase_sum(const float *taps, int64_t count, int64_t up)
{
    double largest = 0;
    for (int64_t phase = 0; phase < up; phase++) {
        double sum = 0;
        for (int64_t k = phase; k < count; k += up)
            sum += fabs((double)taps[k]);
        largest = sum > largest ? sum : largest;
    }
    return largest;
}

/* Arranges the filters in the order in which the kernels read them. */
static void arrange_filters(filtered_job *work)
{
    int64_t taps_y = work->plan.in_taps_y;
    int64_t taps_x = work->plan.in_taps_x;
    int64_t up_y = work->shape->y.up;
    int64_t up_x = work->shape->x.up;
    const sg_separable_sum *up = &work->up;
    for (int64_t t = 0; t < up->terms; t++) {
        work->up_sum +=
            phase_sum(up->column[t], up->height, up_y) * phase_sum(up->row[t], up->width, up_x);
        for (int64_t j = 0; j < up_y; j++)
            for (int64_t k = 0; k < taps_y; k++) {
                int64_t tap = up_y - 1 - j + up_y * k;
                work->up_column[(t * up_y + j) * taps_y + k] =
                    tap < up->height ? up->column[t][tap] : 0;
            }
        for (int64_t j = 0; j < up_x; j++)
            for (int64_t k = 0; k < taps_x; k++) {
                int64_t tap = up_x - 1 - j + up_x * k;
                work->up_row[(j * up->terms + t) * taps_x + k] =
                    tap < up->width ? up->row[t][tap] : 0;
            }
    }
    for (int64_t t = 0; t < work->down.terms; t++)
        memcpy(work->down_column + t * work->down.height, work->down.column[t],
               (size_t)work->down.height * sizeof(float));
}

static bool factors_suit(const sg_filtered_axis *axis)
{
    return axis->up <= MAX_UP && axis->down <= MAX_DOWN;
}

/* Writes the first half of a line of taps; returns the largest deviation from symmetry. */
static double halve(const float *taps, int64_t count, float *half)
{
    double error = 0;
    for (int64_t k = 0; k < count / 2; k++) {
        error = fmax(error, fabs((double)taps[k] - (double)taps[count - 1 - k]));
        half[k] = (taps[k] + taps[count - 1 - k]) / 2;
    }
    return error;
}

static double peak_of(const float *taps, int64_t count)
{
    double peak = 0;
    for (int64_t k = 0; k < count; k++)
        peak = fmax(peak, fabs((double)taps[k]));
    return peak;
}

/* True if the filters are symmetric up to rounding; stores their halves. */
static bool halve_filters(filtered_job *work)
{
    const double tolerance = 1e-6;
    const sg_separable_sum *up = &work->up;
    const sg_separable_sum *down = &work->down;
    double largest = 0;
    double error = 0;
    for (int64_t t = 0; t < down->terms; t++) {
        double row = peak_of(down->row[t], down->width);
        double column = peak_of(down->column[t], down->height);
        largest = fmax(largest, row * column);
        error += column * halve(down->row[t], down->width, work->sweep_row + t * SWEEP_TAPS);
        error += row * halve(down->column[t], down->height, work->sweep_column + t * SWEEP_TAPS);
    }
    return error <= tolerance * largest && halve(up->row[0], up->width, work->sweep_up) <=
                                               tolerance * peak_of(up->row[0], up->width);
}

/* True if the sweep supports the factors and taps of an axis. */
static bool axis_swept(const sg_filtered_axis *axis)
{
    span s = make_span(axis, 0, 1);
    return (axis->up == 2 || axis->up == 4) && axis->up_taps == SWEEP_TAPS * axis->up &&
           axis->down == 2 && axis->down_taps == 2 * SWEEP_TAPS &&
           s.begin - s.start == (axis->up == 4);
}

static bool is_swept(filtered_job *work)
{
    const sg_filtered_lrelu_shape *shape = work->shape;
    return shape->mode == SG_FILTERED_PLAIN && shape->channels % sg_vector_lanes() == 0 &&
           work->up.terms == 1 && shape->x.up == shape->y.up && axis_swept(&shape->x) &&
           axis_swept(&shape->y) && halve_filters(work);
}

/* Splits the filters and makes the plan; false if the fast path does not take the shape. */
static bool prepare(const sg_filtered_lrelu_shape *shape, filtered_job *work)
{
    work->shape = shape;
    if (!factors_suit(&shape->y) || !factors_suit(&shape->x))
        return false;
    if (shape->mode != SG_FILTERED_REPLAY && (shape->gain <= 0 || shape->slope > 1))
        return false;
    if (!sg_separable_sum_make(&shape->up_filter, shape->gain, !shape->correlate, &work->up) ||
        !sg_separable_sum_make(&shape->down_filter, 1, !shape->correlate, &work->down))
        return false;
    work->swept = is_swept(work);
    work->skew = shape->x.up == 4;
    work->plan = work->swept ? plan_sweep(shape, work->down.terms)
                             : make_plan(shape, work->up.terms, work->down.terms);
    return true;
}

size_t sg_filtered_lrelu_scratch_bytes(const sg_filtered_lrelu_shape *shape)
{
    filtered_job work;
    if (!prepare(shape, &work))
        return sizeof(float);
    return (size_t)(work.plan.workers * worker_floats(&work.plan)) * sizeof(float);
}

bool sg_filtered_lrelu_f32(const sg_filtered_lrelu_shape *shape, const sg_filtered_lrelu_data *data,
                           void *scratch)
{
    filtered_job work = {
        .x = data->x, .bias = data->bias, .mask = data->mask, .y = data->y, .scratch = scratch};
    if (!prepare(shape, &work))
        return false;
    arrange_filters(&work);
    work.streamed = shape->samples * shape->y.out * shape->x.out * shape->channels > stream_floats;
    if (work.swept && (uintptr_t)work.y % ((size_t)sg_vector_lanes() * sizeof(float)))
        work.streamed = false;
    sg_parallel_for((size_t)work.plan.workers, 1, run_workers, &work);
    return true;
}
