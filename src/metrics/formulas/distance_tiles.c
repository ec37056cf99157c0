/*
 * |x - y|^2 = |x|^2 + |y|^2 - 2 x y, with x y from a matrix product in floats. A sum of n products
 * of floats, in any order, is off by at most n u / (1 - n u) times the sum of their magnitudes
 * (Higham 2002, "Accuracy and stability of numerical algorithms", section 3.1), which is at most
 * |x| |y|. Points are moved to the mean of the first set, which makes |x| |y| about as small as the
 * distances; the move rounds each coordinate once. Tested by:
 * tests/metrics/formulas/test_neighbours.c
 */
#include "metrics/formulas/distance_tiles.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "kernels/product/matmul.h"
#include "kernels/vector/vectorise.h"

enum { LANES = 16, GRAIN = 16 };

static const double unit = 0x1p-24; /* rounding of a float */

/* ---- exact distances ---- */

/* A function of its own, since a shared library exports all that has clones, unless it is static.
 */
SG_VECTORISED static double exact_distance(const float *x, const float *y, size_t features)
{
    double sums[LANES] = {0};
    double sum = 0;
    size_t i = 0;
    for (; i + LANES <= features; i += LANES)
        for (int k = 0; k < LANES; k++) {
            const double difference = (double)x[i + (size_t)k] - (double)y[i + (size_t)k];
            sums[k] += difference * difference;
        }
    for (; i < features; i++) {
        const double difference = (double)x[i] - (double)y[i];
        sum += difference * difference;
    }
    for (int k = 0; k < LANES; k++)
        sum += sums[k];
    return sum;
}

double sg_exact_distance(const float *x, const float *y, size_t features)
{
    return exact_distance(x, y, features);
}

sg_distance sg_tile_distance(const sg_distance_tile *tile, size_t i, size_t k)
{
    const double x = tile->a.norms[i];
    const double y = tile->b.norms[k];
    const double product = (double)tile->products[i * tile->b.count + k];
    const double moved = 4 * unit * (x + y) * (x + y);
    return (sg_distance){x * x + y * y - 2 * product, 2 * tile->rounding * x * y + moved};
}

/* ---- buffers ---- */

/* Sums the set's coordinates; false if one is not finite. */
static bool find_centre(const sg_rows *rows, double *centre)
{
    bool finite = true;
    for (size_t i = 0; i < rows->count; i++)
        for (size_t k = 0; k < rows->features; k++) {
            centre[k] += (double)rows->values[i * rows->features + k] / (double)rows->count;
            finite = finite && isfinite(rows->values[i * rows->features + k]);
        }
    return finite;
}

static bool is_finite(const sg_rows *rows)
{
    bool finite = true;
    for (size_t i = 0; i < rows->count * rows->features; i++)
        finite = finite && isfinite(rows->values[i]);
    return finite;
}

static bool make_side(const sg_rows *rows, sg_tile_side *side)
{
    const size_t most = rows->count < SG_TILE ? rows->count : SG_TILE;
    *side = (sg_tile_side){.rows = rows};
    side->centred = sg_allocate(most, rows->features * sizeof *side->centred);
    side->norms = sg_allocate(most, sizeof *side->norms);
    return side->centred && side->norms;
}

sg_status sg_distance_tile_create(const sg_rows *a, const sg_rows *b, sg_distance_tile *tile,
                                  sg_error *error)
{
    const double terms = (double)a->features * unit;
    *tile = (sg_distance_tile){.rounding = terms / (1 - terms)};
    if (a->features != b->features)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "sets with %zu and %zu features cannot be compared", a->features,
                       b->features);
    tile->centre = sg_allocate(a->features, sizeof *tile->centre);
    tile->products = sg_allocate(SG_TILE, SG_TILE * sizeof *tile->products);
    if (!tile->centre || !tile->products || !make_side(a, &tile->a) || !make_side(b, &tile->b))
        return sg_fail_memory(error, "a tile of distances");
    if (!find_centre(a, tile->centre) || (b->values != a->values && !is_finite(b)))
        return sg_fail(error, SG_ERROR_ARGUMENT, "features of pictures are not finite");
    return SG_OK;
}

void sg_distance_tile_clear(sg_distance_tile *tile)
{
    free(tile->a.centred);
    free(tile->a.norms);
    free(tile->b.centred);
    free(tile->b.norms);
    free(tile->products);
    free(tile->centre);
    *tile = (sg_distance_tile){0};
}

/* ---- tiles ---- */

/* A side that is being moved. */
typedef struct side_work {
    sg_tile_side *side;
    const double *centre;
} side_work;

static void centre_rows(size_t begin, size_t end, void *argument)
{
    const side_work *work = argument;
    const sg_rows *rows = work->side->rows;
    for (size_t i = begin; i < end; i++) {
        const float *from = rows->values + (work->side->first + i) * rows->features;
        float *to = work->side->centred + i * rows->features;
        double square = 0;
        for (size_t k = 0; k < rows->features; k++) {
            to[k] = (float)((double)from[k] - work->centre[k]);
            square += (double)to[k] * (double)to[k];
        }
        work->side->norms[i] = sqrt(square);
    }
}

static void load_side(const double *centre, size_t first, sg_tile_side *side)
{
    side_work work = {side, centre};
    const size_t rest = side->rows->count - first;
    side->first = first;
    side->count = rest < SG_TILE ? rest : SG_TILE;
    sg_parallel_for(side->count, GRAIN, centre_rows, &work);
}

sg_status sg_distance_tiles(sg_distance_tile *tile, bool upper, const sg_watch *watch,
                            sg_tile_function function, void *argument, sg_error *error)
{
    const size_t count = tile->a.rows->count;
    for (size_t first = 0; first < count; first += SG_TILE) {
        load_side(tile->centre, first, &tile->a);
        for (size_t k = upper ? first : 0; k < tile->b.rows->count; k += SG_TILE) {
            if (sg_watch_step(watch, (double)first, (double)count, NULL))
                return sg_fail(error, SG_ERROR_CANCELLED, "interrupted");
            load_side(tile->centre, k, &tile->b);
            const sg_matmul_shape shape = {.rows = (int64_t)tile->a.count,
                                           .columns = (int64_t)tile->b.count,
                                           .inner = (int64_t)tile->a.rows->features,
                                           .transpose_b = true,
                                           .alpha = 1};
            const sg_status status =
                sg_matmul_f32(&shape, tile->a.centred, tile->b.centred, tile->products);
            if (status)
                return sg_fail(error, status, "the features could not be multiplied");
            function(tile, argument);
        }
    }
    return SG_OK;
}
