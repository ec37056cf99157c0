/*
 * The Frechet distance of two sets of features, each described by a normal distribution (Heusel et
 * al. 2017, "GANs trained by a two time-scale update rule", section 2): FID with the features of
 * Inception.
 */
#ifndef SG_METRICS_FORMULAS_FRECHET_H
#define SG_METRICS_FORMULAS_FRECHET_H

#include "metrics/formulas/moments.h"

/* The terms of the distance. */
typedef struct sg_frechet {
    double distance;   /* mean_term + both traces - 2 root_trace */
    double mean_term;  /* squared distance of the means */
    double root_trace; /* trace of the square root of the product of the covariances */
} sg_frechet;

/*
 * Computes the distance. Covariances may be singular, as those of fewer pictures than features are.
 * Fails with SG_ERROR_ARGUMENT for different numbers of features, with SG_ERROR_MEMORY, and where
 * sg_linear_open does.
 */
sg_status sg_frechet_distance(const sg_gaussian *a, const sg_gaussian *b, sg_frechet *result,
                              sg_error *error);

/*
 * Computes the square roots of the eigenvalues of the product of the covariances, descending, into
 * `roots` [features]; fails as sg_frechet_distance does.
 */
sg_status sg_frechet_roots(const sg_gaussian *a, const sg_gaussian *b, double *roots,
                           sg_error *error);

#endif
