/*
 * Where truncation leads and how: further rules than psi towards the average w, and the centres of
 * clusters of w, for distributions with several modes (Mokady et al. 2022, "Self-distilled
 * StyleGAN", section 3.3).
 */
#ifndef SG_EDIT_CENTRES_H
#define SG_EDIT_CENTRES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Makes each row of ws [rows, width] base + psis[row] * (row - base). */
void sg_truncate_rows(double *ws, size_t rows, size_t width, const double *base,
                      const double *psis);

/*
 * Bounds the distance of each row from `base` [width]: base + d R tanh(|d| / R) / |d|, with d the
 * row minus base. Near the base nothing changes; R, above 0, is never reached.
 */
void sg_truncate_radially(double *ws, size_t rows, size_t width, const double *base, double radius);

/* Clamps each component to mean +- limit * deviation, all [width]. */
void sg_truncate_components(double *ws, size_t rows, size_t width, const double *mean,
                            const double *deviation, double limit);

/* Clusters of vectors; zero it before use, clear it after. */
typedef struct sg_clusters {
    size_t count, width;
    double *centres; /* [count, width], in the units of the vectors; owned */
    size_t *labels;  /* [vectors]: the cluster of each; owned */
    double inertia;  /* sum over vectors of the squared distance to their centre, standardised */
    double margin; /* smallest difference over vectors between the squared distances to the nearest
                      two centres, standardised: how safe the labels are */
    size_t iterations; /* assignments of all vectors until labels repeated */
} sg_clusters;

/*
 * Finds clusters of vectors [vector_count, width] by Lloyd's k-means, in components standardised by
 * their mean and deviation (1/n): from the vectors at `initial` [clusters->count] until labels
 * repeat, ties to the lower index; a cluster without vectors keeps its centre. The caller sets
 * count and width. Fails with SG_ERROR_MEMORY.
 */
sg_status sg_clusters_find(sg_clusters *clusters, const double *vectors, size_t vector_count,
                           const size_t *initial, sg_error *error);

/*
 * Chooses initial vectors for sg_clusters_find in initial[count], at most vector_count: different
 * ones at random, in the order that NumPy's RandomState(seed) shuffles their numbers. Fails with
 * SG_ERROR_MEMORY.
 */
sg_status sg_clusters_choose(size_t vector_count, uint32_t seed, size_t count, size_t *initial,
                             sg_error *error);

/* Returns the index of the centre [count, width] nearest to w (L2). */
size_t sg_nearest_centre(const double *centres, size_t count, size_t width, const double *w);

void sg_clusters_clear(sg_clusters *clusters);

#endif
