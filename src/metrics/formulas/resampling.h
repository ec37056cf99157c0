/*
 * Error bars of metrics: by how much a value would differ if other pictures had been drawn, from
 * the features at hand (Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter 6).
 * Results depend on the seed alone.
 */
#ifndef SG_METRICS_FORMULAS_RESAMPLING_H
#define SG_METRICS_FORMULAS_RESAMPLING_H

#include "base/random.h"
#include "metrics/formulas/moments.h"

enum {
    SG_BOOTSTRAP_REPEATS = 20, /* enough for a standard error good to a sixth of it */
    SG_KERNEL_SPLITS = 10
};

/* How often and by which random numbers. */
typedef struct sg_resampling {
    size_t repeats; /* at least 2 */
    uint64_t seed;
} sg_resampling;

/*
 * Computes the standard error of the Frechet distance of `fake` to a fixed reference by bootstrap:
 * the deviation of distances of as many rows, drawn with replacement. Fails as sg_frechet_distance
 * and sg_feature_moments_add do, and with SG_ERROR_ARGUMENT for fewer than 2 repeats.
 */
sg_status sg_frechet_error(const sg_resampling *resampling, const sg_rows *fake,
                           const sg_gaussian *reference, double *standard_error, sg_error *error);

/*
 * Computes the standard error of the kernel distance by `repeats` parts of both sets that share no
 * picture, since rows that are drawn twice would bias an unbiased estimate. Fails as
 * sg_kernel_subset_distance does, and with SG_ERROR_ARGUMENT for sets with fewer than 2 rows for
 * each part.
 */
sg_status sg_kernel_error(const sg_resampling *resampling, const sg_rows *fake, const sg_rows *real,
                          double *standard_error, sg_error *error);

/* Returns the standard error of the mean of `count` values of parts that share no picture, such as
 * the splits of an Inception score; NaN for fewer than 2. */
double sg_mean_error(const double *values, size_t count);

/* Returns the standard error of a share of `count` points, as of precision and recall with the
 * other set's balls fixed: what a bootstrap of the points tends to. */
double sg_share_error(double share, size_t count);

#endif
