/*
 * Nearest neighbours of many points without a matrix of all distances. Each point keeps a short
 * list of candidates while tiles go by: points that may be among its k nearest as far as the bounds
 * of their distances tell. A list that is full drops what later candidates have excluded, and
 * computes exactly what still does not fit.
 */
#include "metrics/formulas/neighbours.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/parallel.h"
#include "metrics/formulas/distance_tiles.h"

enum { GRAIN = 16, SPARE = 32 };

/* ---- candidates ---- */

typedef struct candidate {
    double least; /* of the squared distance */
    size_t index;
} candidate;

/* The candidates of one point. */
typedef struct candidate_list {
    candidate *items; /* [capacity] */
    double *nearest;  /* [k]: the smallest upper bounds so far, ascending */
    size_t count;
} candidate_list;

/* The lists of all points of a set. */
typedef struct candidate_lists {
    const sg_rows *rows;
    size_t neighbours, capacity;
    candidate *items;
    double *nearest;
    candidate_list *lists;
    const sg_distance_tile *tile;
    bool across; /* lists are those of the tile's second side */
} candidate_lists;

static void insert(double *sorted, size_t count, double value)
{
    if (!(value < sorted[count - 1]))
        return;
    size_t at = count - 1;
    for (; at > 0 && value < sorted[at - 1]; at--)
        sorted[at] = sorted[at - 1];
    sorted[at] = value;
}

/* Removes the candidates that are farther than k others. */
static void drop_far(const candidate_lists *all, candidate_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].least <= list->nearest[all->neighbours - 1])
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* Keeps the k nearest of candidates whose distances are exact. Of those that are as far as the
 * last, as many as fit are as good as all. */
static void keep_nearest(const candidate_lists *all, candidate_list *list)
{
    const double farthest = list->nearest[all->neighbours - 1];
    size_t spare = all->neighbours;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        spare -= list->items[i].least < farthest;
    for (size_t i = 0; i < list->count; i++) {
        const bool nearer = list->items[i].least < farthest;
        if (!nearer && (list->items[i].least > farthest || spare == 0))
            continue;
        spare -= !nearer;
        list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

/* Replaces bounds by exact distances. */
static void resolve(const candidate_lists *all, size_t point, candidate_list *list)
{
    const float *x = all->rows->values + point * all->rows->features;
    for (size_t i = 0; i < all->neighbours; i++)
        list->nearest[i] = (double)INFINITY;
    for (size_t i = 0; i < list->count; i++) {
        const float *y = all->rows->values + list->items[i].index * all->rows->features;
        list->items[i].least = sg_exact_distance(x, y, all->rows->features);
        insert(list->nearest, all->neighbours, list->items[i].least);
    }
    keep_nearest(all, list);
}

static void add_candidate(const candidate_lists *all, size_t point, size_t other,
                          sg_distance distance)
{
    candidate_list *list = &all->lists[point];
    const double most = distance.value + distance.error;
    const double least = distance.value - distance.error;
    /* also false for bounds that are not numbers: nothing is excluded then */
    if (least > list->nearest[all->neighbours - 1])
        return;
    if (list->count == all->capacity) {
        drop_far(all, list);
        if (list->count > all->capacity / 2)
            resolve(all, point, list);
    }
    insert(list->nearest, all->neighbours, most);
    list->items[list->count++] = (candidate){isnan(least) ? 0 : least, other};
}

/* Offers the points of one side of a tile to points begin .. end - 1 of the other side. */
static void offer_range(size_t begin, size_t end, void *argument)
{
    const candidate_lists *all = argument;
    const sg_distance_tile *tile = all->tile;
    const sg_tile_side *own = all->across ? &tile->b : &tile->a;
    const sg_tile_side *others = all->across ? &tile->a : &tile->b;
    for (size_t i = begin; i < end; i++)
        for (size_t k = 0; k < others->count; k++)
            if (own->first + i != others->first + k)
                add_candidate(all, own->first + i, others->first + k,
                              all->across ? sg_tile_distance(tile, k, i)
                                          : sg_tile_distance(tile, i, k));
}

static void offer_tile(const sg_distance_tile *tile, void *argument)
{
    candidate_lists *all = argument;
    all->tile = tile;
    for (int across = 0; across < (tile->a.first == tile->b.first ? 1 : 2); across++) {
        all->across = across;
        sg_parallel_for(across ? tile->b.count : tile->a.count, GRAIN, offer_range, all);
    }
}

static bool make_lists(const sg_rows *rows, size_t neighbours, candidate_lists *all)
{
    size_t items = 0;
    size_t nearest = 0;
    *all = (candidate_lists){rows, neighbours, 2 * neighbours + SPARE, NULL, NULL, NULL, NULL, 0};
    if (!sg_size_multiply(rows->count, all->capacity, &items) ||
        !sg_size_multiply(rows->count, neighbours, &nearest))
        return false;
    all->items = sg_allocate(items, sizeof *all->items);
    all->nearest = sg_allocate(nearest, sizeof *all->nearest);
    all->lists = sg_allocate(rows->count, sizeof *all->lists);
    if (!all->items || !all->nearest || !all->lists)
        return false;
    for (size_t i = 0; i < nearest; i++)
        all->nearest[i] = (double)INFINITY;
    for (size_t i = 0; i < rows->count; i++)
        all->lists[i] =
            (candidate_list){all->items + i * all->capacity, all->nearest + i * neighbours, 0};
    return true;
}

static void free_lists(candidate_lists *all)
{
    free(all->items);
    free(all->nearest);
    free(all->lists);
}

static void resolve_range(size_t begin, size_t end, void *argument)
{
    const candidate_lists *all = argument;
    for (size_t i = begin; i < end; i++) {
        drop_far(all, &all->lists[i]);
        resolve(all, i, &all->lists[i]);
    }
}

/* ---- radii ---- */

static sg_status find_radii(sg_manifold *manifold, const sg_watch *watch, sg_error *error)
{
    const sg_rows *rows = &manifold->rows;
    candidate_lists lists = {0};
    sg_distance_tile tile = {0};
    sg_status status = make_lists(rows, manifold->neighbours, &lists)
                           ? sg_distance_tile_create(rows, rows, &tile, error)
                           : sg_fail_memory(error, "the neighbours of %zu points", rows->count);
    if (!status)
        status = sg_distance_tiles(&tile, true, watch, offer_tile, &lists, error);
    if (!status)
        sg_parallel_for(rows->count, GRAIN, resolve_range, &lists);
    for (size_t i = 0; i < rows->count && !status; i++) {
        manifold->squares[i] = lists.lists[i].nearest[manifold->neighbours - 1];
        manifold->radii[i] = sqrt(manifold->squares[i]);
    }
    sg_distance_tile_clear(&tile);
    free_lists(&lists);
    return status;
}

sg_status sg_manifold_create(const sg_rows *rows, size_t neighbours, const sg_watch *watch,
                             sg_manifold *manifold, sg_error *error)
{
    *manifold = (sg_manifold){.rows = *rows, .neighbours = neighbours};
    if (neighbours == 0 || rows->count <= neighbours)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the neighbour number %zu of each picture is asked for, but there are %zu "
                       "pictures",
                       neighbours, rows->count);
    manifold->radii = sg_allocate(rows->count, sizeof *manifold->radii);
    manifold->squares = sg_allocate(rows->count, sizeof *manifold->squares);
    const sg_status status =
        manifold->radii && manifold->squares
            ? find_radii(manifold, watch, error)
            : sg_fail_memory(error, "the neighbours of %zu points", rows->count);
    if (status)
        sg_manifold_clear(manifold);
    return status;
}

void sg_manifold_clear(sg_manifold *manifold)
{
    free(manifold->radii);
    free(manifold->squares);
    *manifold = (sg_manifold){0};
}

/* ---- comparison ---- */

/* How two sets compare so far; side a of tiles is the fake set. */
typedef struct comparison {
    const sg_manifold *fake, *real;
    const sg_distance_tile *tile;
    unsigned char *fake_reach; /* [fake]: the farthest of the marks below */
    unsigned char *real_reach; /* [real]: in fake balls */
    unsigned char *covered;    /* [real] */
    size_t *balls;             /* [fake]: real balls around it */
} comparison;

/* Where a point is with regard to balls: outside, on an edge, inside. */
enum { OUTSIDE, ON_EDGE, INSIDE };

/* Returns where points `i` and `k` of a tile are with regard to a ball around the other. */
static int place(const comparison *all, size_t i, size_t k, double square)
{
    const sg_distance distance = sg_tile_distance(all->tile, i, k);
    if (distance.value + distance.error < square)
        return INSIDE;
    if (distance.value - distance.error > square)
        return OUTSIDE;
    const size_t features = all->fake->rows.features;
    const double exact =
        sg_exact_distance(all->fake->rows.values + (all->tile->a.first + i) * features,
                          all->real->rows.values + (all->tile->b.first + k) * features, features);
    return exact < square ? INSIDE : exact > square ? OUTSIDE : ON_EDGE;
}

static void raise(unsigned char *mark, int value)
{
    if (*mark < value)
        *mark = (unsigned char)value;
}

static void compare_fakes(size_t begin, size_t end, void *argument)
{
    const comparison *all = argument;
    const sg_distance_tile *tile = all->tile;
    for (size_t i = begin; i < end; i++)
        for (size_t k = 0; k < tile->b.count; k++) {
            const int found = place(all, i, k, all->real->squares[tile->b.first + k]);
            all->balls[tile->a.first + i] += found == INSIDE;
            raise(&all->fake_reach[tile->a.first + i], found);
        }
}

static void compare_reals(size_t begin, size_t end, void *argument)
{
    const comparison *all = argument;
    const sg_distance_tile *tile = all->tile;
    for (size_t k = begin; k < end; k++) {
        const size_t point = tile->b.first + k;
        for (size_t i = 0; i < tile->a.count; i++) {
            if (all->real_reach[point] < INSIDE)
                raise(&all->real_reach[point],
                      place(all, i, k, all->fake->squares[tile->a.first + i]));
            if (!all->covered[point])
                all->covered[point] = place(all, i, k, all->real->squares[point]) == INSIDE;
        }
    }
}

static void compare_tile(const sg_distance_tile *tile, void *argument)
{
    comparison *all = argument;
    all->tile = tile;
    sg_parallel_for(tile->a.count, GRAIN, compare_fakes, all);
    sg_parallel_for(tile->b.count, GRAIN, compare_reals, all);
}

/* Returns the share of marks that are at least `least`. */
static double share(const unsigned char *marks, size_t count, int least)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += marks[i] >= least;
    return (double)found / (double)count;
}

static void summarise(const comparison *all, sg_manifold_shares *shares)
{
    const size_t fakes = all->fake->rows.count;
    const size_t reals = all->real->rows.count;
    size_t balls = 0;
    for (size_t i = 0; i < fakes; i++)
        balls += all->balls[i];
    *shares = (sg_manifold_shares){
        .precision = share(all->fake_reach, fakes, ON_EDGE),
        .recall = share(all->real_reach, reals, ON_EDGE),
        .inner_precision = share(all->fake_reach, fakes, INSIDE),
        .inner_recall = share(all->real_reach, reals, INSIDE),
        .density = (double)balls / ((double)all->real->neighbours * (double)fakes),
        .coverage = share(all->covered, reals, 1),
    };
}

sg_status sg_manifold_compare(const sg_manifold *fake, const sg_manifold *real,
                              const sg_watch *watch, sg_manifold_shares *shares, sg_error *error)
{
    comparison all = {.fake = fake, .real = real};
    sg_distance_tile tile = {0};
    all.fake_reach = sg_allocate(fake->rows.count, 1);
    all.real_reach = sg_allocate(real->rows.count, 2);
    all.balls = sg_allocate(fake->rows.count, sizeof *all.balls);
    sg_status status = SG_OK;
    if (all.fake_reach && all.real_reach && all.balls)
        status = sg_distance_tile_create(&fake->rows, &real->rows, &tile, error);
    else
        status = sg_fail_memory(error, "the comparison of two sets");
    if (!status) {
        all.covered = all.real_reach + real->rows.count;
        status = sg_distance_tiles(&tile, false, watch, compare_tile, &all, error);
    }
    if (!status)
        summarise(&all, shares);
    sg_distance_tile_clear(&tile);
    free(all.fake_reach);
    free(all.real_reach);
    free(all.balls);
    return status;
}
