/*
 * Squared distances between many points, tile by tile, by products of floats: each with a bound of
 * its error, so that a caller computes exactly what the bound leaves open.
 */
#ifndef SG_METRICS_FORMULAS_DISTANCE_TILES_H
#define SG_METRICS_FORMULAS_DISTANCE_TILES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/watch.h"
#include "metrics/formulas/rows.h"

/* Points `first` .. `first` + count - 1 of a set, around the common centre. */
typedef struct sg_tile_side {
    const sg_rows *rows;
    size_t first, count;
    float *centred; /* [SG_TILE, features] */
    double *norms;  /* [count]: lengths of the centred points */
} sg_tile_side;

enum { SG_TILE = 1024 /* points on a side */ };

/* The distances between some points of two sets, or of one. */
typedef struct sg_distance_tile {
    sg_tile_side a, b;
    float *products; /* [a.count, b.count] */
    double *centre;  /* [features] */
    double rounding; /* of a product, in units of the lengths' product */
} sg_distance_tile;

/* What is known of a squared distance. */
typedef struct sg_distance {
    double value, error; /* it is within `error` of `value`; NaN: nothing is known */
} sg_distance;

/*
 * Makes the buffers; the centre is the mean of `a`. Fails with SG_ERROR_ARGUMENT for different
 * numbers of features or features that are not finite, and with SG_ERROR_MEMORY. Released by
 * sg_distance_tile_clear, also after a failure.
 */
sg_status sg_distance_tile_create(const sg_rows *a, const sg_rows *b, sg_distance_tile *tile,
                                  sg_error *error);
void sg_distance_tile_clear(sg_distance_tile *tile);

/* Called for every tile. */
typedef void (*sg_tile_function)(const sg_distance_tile *tile, void *argument);

/*
 * Computes every tile, in turn; with `upper` only those of one set with itself where b does not
 * come before a. Shows `watch` (may be NULL) the rows of a that are done. Fails as
 * sg_matmul_f32 does, and with SG_ERROR_CANCELLED when `watch` asks to stop.
 */
sg_status sg_distance_tiles(sg_distance_tile *tile, bool upper, const sg_watch *watch,
                            sg_tile_function function, void *argument, sg_error *error);

/* Returns the squared distance of points `i` and `k` of the tile's sides. */
sg_distance sg_tile_distance(const sg_distance_tile *tile, size_t i, size_t k);

/* Computes the squared distance in doubles; the order of x and y does not change a bit. */
double sg_exact_distance(const float *x, const float *y, size_t features);

#endif
