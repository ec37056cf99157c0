/*
 * Precision and recall by nearest neighbours (Kynkaanniemi et al. 2019, "Improved precision and
 * recall metric", section 2), density and coverage (Naeem et al. 2020, "Reliable fidelity and
 * diversity metrics", section 3). A set's manifold is the union of balls around its points, each as
 * large as the distance to the point's k-th neighbour.
 */
#ifndef SG_METRICS_FORMULAS_NEIGHBOURS_H
#define SG_METRICS_FORMULAS_NEIGHBOURS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/watch.h"
#include "metrics/formulas/rows.h"

enum { SG_NEIGHBOURS = 3 /* the usual k */ };

/* A set of points with its radii; released by sg_manifold_clear. */
typedef struct sg_manifold {
    sg_rows rows;
    size_t neighbours; /* k */
    double *radii;     /* [count]: distance to the k-th neighbour */
    double *squares;   /* [count]: their squares, as exact as distances are compared */
} sg_manifold;

/* What two manifolds say of each other. */
typedef struct sg_manifold_shares {
    double precision; /* share of fake points within a real ball or on its edge */
    double recall;    /* share of real points within a fake ball or on its edge */
    double inner_precision, inner_recall; /* the same without edges, as prdc counts */
    double density;  /* number of real balls around a fake point, in units of k */
    double coverage; /* share of real balls with a fake point inside */
} sg_manifold_shares;

/*
 * Computes the radii of `rows`, which must outlive the manifold. Fails with SG_ERROR_ARGUMENT for
 * k of 0, for no more than k points, and for features that are not finite, with SG_ERROR_MEMORY,
 * and with SG_ERROR_CANCELLED when `watch` (may be NULL) asks to stop; the manifold is empty then.
 * Memory: some hundred bytes for each point besides tiles of products. Results depend neither on
 * the number of threads nor on the processor: products of floats decide only what their rounding
 * cannot change, and all else is decided by distances in doubles.
 */
sg_status sg_manifold_create(const sg_rows *rows, size_t neighbours, const sg_watch *watch,
                             sg_manifold *manifold, sg_error *error);
void sg_manifold_clear(sg_manifold *manifold);

/*
 * Compares every real with every fake point. Both manifolds have the same k. Fails with
 * SG_ERROR_ARGUMENT for different numbers of features, with SG_ERROR_MEMORY, and with
 * SG_ERROR_CANCELLED when `watch` (may be NULL) asks to stop.
 */
sg_status sg_manifold_compare(const sg_manifold *fake, const sg_manifold *real,
                              const sg_watch *watch, sg_manifold_shares *shares, sg_error *error);

#endif
