/* Penalties of w: how far it is from what the mapping network gives. */
#ifndef SG_INVERT_LATENT_PENALTIES_H
#define SG_INVERT_LATENT_PENALTIES_H

#include "base/error.h"
#include "tensor/tensor.h"

/* What the penalties know of w; tensors are owned. */
typedef struct sg_latent_penalties {
    sg_tensor *mean;     /* [1, 1, dim] */
    double spread;       /* the root of the summed variance */
    sg_tensor *whitener; /* [dim, dim]: takes w in P-norm space, less its mean, to unit variance */
    sg_tensor *p_mean;   /* [1, dim]: the mean in P-norm space */
} sg_latent_penalties;

/* Takes the mean [dim] and the spread of w. */
sg_status sg_latent_penalties_make(sg_latent_penalties *penalties, sg_context *context,
                                   sg_dtype dtype, const double *mean, int64_t dim, double spread,
                                   sg_error *error);

/* Computes the whitening of `count` samples of w [count, dim]. */
sg_status sg_latent_penalties_whiten(sg_latent_penalties *penalties, const double *samples,
                                     size_t count, sg_error *error);
void sg_latent_penalties_clear(sg_latent_penalties *penalties);

/*
 * Return the penalties of w [1, rows, dim] as scalars; NULL (error in the context) on failure.
 * Distance: the mean over rows of the squared distance from the mean over the squared spread.
 * Mahalanobis (Zhu et
 * al. 2020): the mean square of w, undone of its leaky ReLU (slope 0.2) and whitened.
 */
sg_tensor *sg_penalty_of_distance(const sg_latent_penalties *penalties, sg_tensor *w);
sg_tensor *sg_penalty_of_mahalanobis(const sg_latent_penalties *penalties, sg_tensor *w);

/*
 * Returns the penalty of Tov et al. 2021, section 4, as a scalar: the sum over rows 1 to `last`, at
 * most all, of w [N, rows, dim] of the mean over samples of their distance from row 0. NULL (error
 * in the context) on failure.
 */
sg_tensor *sg_penalty_of_delta(sg_tensor *w, int last);

#endif
