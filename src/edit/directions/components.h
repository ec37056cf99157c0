/*
 * Principal components of vectors that arrive in parts: of w (GANSpace; Harkonen et al. 2020) or of
 * a layer's features. Up to SG_COMPONENTS_EXACT_WIDTH numbers a vector, they are those of the exact
 * covariance. Above, where the covariance would not fit in memory, parts are added to the
 * components so far (Ross et al. 2008, "Incremental learning for robust visual tracking"), which is
 * what GANSpace's "ipca" does: exact as long as no variance lies beyond the components kept.
 */
#ifndef SG_EDIT_DIRECTIONS_COMPONENTS_H
#define SG_EDIT_DIRECTIONS_COMPONENTS_H

#include "base/error.h"
#include "metrics/formulas/rows.h"

enum { SG_COMPONENTS_EXACT_WIDTH = 2048 };

/* Components so far; made by sg_component_sums_create. */
typedef struct sg_component_sums sg_component_sums;

/* The result, released by sg_components_clear. */
typedef struct sg_components {
    size_t width, count;   /* numbers in a vector; components */
    size_t samples;        /* vectors that were added */
    double *mean;          /* [width] */
    double *vectors;       /* [count, width], of unit length; the entry of largest magnitude of each
                              is positive */
    double *deviations;    /* [count]: standard deviation along each, over all samples (1/n) */
    double total_variance; /* of all dimensions */
} sg_components;

/* Prepares for `count` components of vectors of `width` numbers. Fails with
 * SG_ERROR_ARGUMENT for more components than numbers, with SG_ERROR_MEMORY, and as sg_linear_open
 * does; *sums is NULL then. */
sg_status sg_component_sums_create(size_t width, size_t count, sg_component_sums **sums,
                                   sg_error *error);
void sg_component_sums_destroy(sg_component_sums *sums);

/* Adds vectors. Fails with SG_ERROR_ARGUMENT, adding none, for numbers that are not finite, and
 * with SG_ERROR_MEMORY. */
sg_status sg_component_sums_add(sg_component_sums *sums, const sg_rows *rows, sg_error *error);

/* Computes the components. Fails with SG_ERROR_ARGUMENT unless there are more vectors than
 * components, and with SG_ERROR_MEMORY; `found` is empty then. */
sg_status sg_component_sums_finish(const sg_component_sums *sums, sg_components *found,
                                   sg_error *error);
void sg_components_clear(sg_components *found);

/* Writes the coordinates of `sample` [width], (sample - mean) times each component, to
 * `coordinates` [count]. */
void sg_components_project(const sg_components *components, const float *sample,
                           double *coordinates);

#endif
