/*
 * Tiles of the result, the parts of the image that they read, and the threads' shares.
 *
 * A thread computes a tile from a copy of what it reads: pixels of up to 4 channels (or 1), with
 * reflection and zeros outside in place, so that no loop over pixels has to ask where it is. The
 * adjoint does every step in reverse and adds to the image; the tiles of an image follow one
 * another then, so that the sums do not depend on threads.
 *
 * Tested by: tests/ops/augment/test_warp.c
 */
#include "kernels/resample/warp.h"

#include <math.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/vector/vectorise.h"

enum {
    TAPS = SG_WARP_TAPS,
    HALF = TAPS / 2,         /* taps that meet a pixel rather than an inserted zero */
    TILE = 32,               /* most rows and columns of the result at a time */
    GRID = 2 * TILE + TAPS,  /* points of s that a tile reads, rounded up */
    BORDER = TAPS,           /* zeros around rows of u that the adjoint filters */
    PIXEL = 4,               /* most channels at a time */
    LARGEST_REGION = 1 << 28 /* pixels of u that a tile may read */
};

/* What positions may be off by rounding. */
static const double region_slack = 1e-6;

/* Positions first .. first + count - 1 of an axis. */
typedef struct warp_span {
    int64_t first, count;
} warp_span;

/* A tile: what it is of the result, and what it reads of s, u and the padded image. */
typedef struct warp_tile {
    warp_span out_x, out_y, grid_x, grid_y, up_x, up_y, in_x, in_y;
} warp_tile;

static int64_t padded_width(const sg_warp_shape *s)
{
    return s->pad_left + s->width + s->pad_right;
}

static int64_t padded_height(const sg_warp_shape *s)
{
    return s->pad_above + s->height + s->pad_below;
}

/* Returns a number between two limits; the lower one for NaN. */
SG_INLINE double clamp_to(double value, double low, double high)
{
    const double raised = value > low ? value : low;
    return raised < high ? raised : high;
}

/* Finds the positions of u that bilinear sampling reads at the grid's points along one axis. The
 * corners of the grid go furthest. */
static warp_span find_region(const double *map, warp_span grid_x, warp_span grid_y, int64_t size)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        const double i = (double)(grid_x.first + (corner & 1 ? grid_x.count - 1 : 0));
        const double j = (double)(grid_y.first + (corner & 2 ? grid_y.count - 1 : 0));
        const double at = map[0] * i + map[1] * j + map[2];
        low = fmin(low, at);
        high = fmax(high, at);
    }
    /* From one position before u to one after it, where zeros are; all of that for NaN. */
    const bool finite = isfinite(low) && isfinite(high);
    const double first = clamp_to(floor(low - region_slack), -1, (double)size);
    const double last = clamp_to(floor(high + region_slack), -1, (double)size);
    return finite ? (warp_span){(int64_t)first, (int64_t)(last - first) + 2}
                  : (warp_span){-1, size + 3};
}

/* Finds the pixels of the padded image that a region of u is filtered from. */
static warp_span find_pixels(warp_span up)
{
    /* The region begins at -1 or later, so that the shifted division rounds up. */
    const int64_t first = (up.first - HALF + 1 + 2 * TAPS) / 2 - TAPS;
    const int64_t last = (up.first + up.count - 1 + HALF - 1) / 2;
    return (warp_span){first, last + 1 - first};
}

/* Returns tile `index` of an image. */
static warp_tile make_tile(const sg_warp_shape *s, const double *map, int64_t index)
{
    const int64_t across = (s->width + TILE - 1) / TILE;
    warp_tile t = {.out_x = {index % across * TILE, TILE}, .out_y = {index / across * TILE, TILE}};
    if (t.out_x.count > s->width - t.out_x.first)
        t.out_x.count = s->width - t.out_x.first;
    if (t.out_y.count > s->height - t.out_y.first)
        t.out_y.count = s->height - t.out_y.first;
    t.grid_x = (warp_span){2 * t.out_x.first + 1, 2 * t.out_x.count + TAPS - 2};
    t.grid_y = (warp_span){2 * t.out_y.first + 1, 2 * t.out_y.count + TAPS - 2};
    t.up_x = find_region(map, t.grid_x, t.grid_y, 2 * padded_width(s));
    t.up_y = find_region(map + 3, t.grid_x, t.grid_y, 2 * padded_height(s));
    t.in_x = find_pixels(t.up_x);
    t.in_y = find_pixels(t.up_y);
    return t;
}

static int64_t tiles_of(const sg_warp_shape *s)
{
    return ((s->width + TILE - 1) / TILE) * ((s->height + TILE - 1) / TILE);
}

/* Sizes of one thread's buffers, in values. */
typedef struct warp_sizes {
    int64_t up, in, line, bytes; /* `line`: the longest row of any of them */
} warp_sizes;

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Finds the buffers that suit every tile; false if one is too large. */
static bool find_sizes(const sg_warp_shape *s, warp_sizes *sizes)
{
    *sizes = (warp_sizes){.line = GRID};
    for (int64_t n = 0; n < s->samples; n++) {
        for (int64_t i = 0; i < tiles_of(s); i++) {
            const warp_tile t = make_tile(s, s->maps + 6 * n, i);
            const int64_t pitch = t.up_x.count + 2 * BORDER;
            if (t.up_y.count > LARGEST_REGION / pitch)
                return false;
            sizes->up = larger(sizes->up, t.up_y.count * pitch * PIXEL);
            sizes->in = larger(sizes->in, t.in_y.count * t.in_x.count * PIXEL);
            sizes->line = larger(sizes->line, pitch);
        }
    }
    sizes->line *= PIXEL;
    return true;
}

/* Returns how many values a thread's buffers have: u, the padded image, s, s filtered in one axis,
 * two lines, and the lines' positions. */
static int64_t thread_values(const warp_sizes *sizes)
{
    const int64_t values = sizes->up + sizes->in + GRID * GRID * PIXEL +
                           (TILE + 2 * HALF) * GRID * PIXEL + 2 * sizes->line;
    return (values + 15) / 16 * 16;
}

static int64_t share_count(int64_t items)
{
    const int64_t threads = sg_thread_count();
    return items < threads ? items : threads;
}

bool sg_warp_scratch_bytes(const sg_warp_shape *shape, size_t value_bytes, size_t *bytes)
{
    warp_sizes sizes;
    const size_t threads = (size_t)share_count(shape->samples * tiles_of(shape));
    return find_sizes(shape, &sizes) &&
           sg_size_multiply((size_t)thread_values(&sizes) * value_bytes, threads, bytes);
}

/* Returns the pixel of an axis that position `at` of the padded axis shows, or -1 outside. */
SG_INLINE int64_t reflect(int64_t at, int64_t before, int64_t size, int64_t padded)
{
    if (at < 0 || at >= padded)
        return -1;
    at = at < before ? before - at : at - before;
    return at < size ? at : 2 * (size - 1) - at;
}

/* True if the map takes each point to the position that it has without any map, and the padding
 * keeps the filters from the edges. */
static bool is_unmoved(const sg_warp_shape *s, const double *map)
{
    return s->copy_unmoved && map[0] == 1 && map[1] == 0 && map[3] == 0 && map[4] == 1 &&
           map[2] == (double)(2 * s->pad_left - HALF) &&
           map[5] == (double)(2 * s->pad_above - HALF) && s->pad_left >= HALF &&
           s->pad_right >= HALF && s->pad_above >= HALF && s->pad_below >= HALF;
}

#define TEMPLATE "kernels/resample/warp.inc"
#include "kernels/vector/each_real.inc"
