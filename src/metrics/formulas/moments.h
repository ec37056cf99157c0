/*
 * Running sums of features, from which their mean and covariance follow: sums of rows and of their
 * outer products, in doubles. Sums of parts of a set may be joined.
 */
#ifndef SG_METRICS_FORMULAS_MOMENTS_H
#define SG_METRICS_FORMULAS_MOMENTS_H

#include <stdbool.h>

#include "base/error.h"
#include "metrics/formulas/rows.h"

/* Sums over rows; made by sg_feature_moments_create, released by sg_feature_moments_destroy. */
typedef struct sg_feature_moments {
    size_t features;
    size_t count;    /* of rows so far */
    double *sum;     /* [features] */
    double *squares; /* [features, features]: sums of products, in the upper triangle */
} sg_feature_moments;

/* The mean and covariance of a set of features; released by sg_gaussian_clear. */
typedef struct sg_gaussian {
    size_t features;
    size_t count;       /* of rows: the rank of the covariance is less */
    double *mean;       /* [features] */
    double *covariance; /* [features, features] */
} sg_gaussian;

/* Makes empty sums. Fails with SG_ERROR_MEMORY and where sg_linear_open does; *moments is NULL
 * then. */
sg_status sg_feature_moments_create(size_t features, sg_feature_moments **moments, sg_error *error);
void sg_feature_moments_destroy(sg_feature_moments *moments);

/*
 * Adds rows. Fails with SG_ERROR_ARGUMENT for rows of another width or with numbers that are not
 * finite, and with SG_ERROR_MEMORY.
 */
sg_status sg_feature_moments_add(sg_feature_moments *moments, const sg_rows *rows, sg_error *error);

/*
 * Computes mean and covariance: E[x x^T] - mean mean^T, of which `unbiased` divides by one less
 * than the count, as pytorch-fid and clean-fid do, otherwise by the count, as the official programs
 * do. Fails with SG_ERROR_ARGUMENT for no rows, or fewer than 2 when unbiased, and with
 * SG_ERROR_MEMORY; `gaussian` is empty then.
 */
sg_status sg_feature_moments_finish(const sg_feature_moments *moments, bool unbiased,
                                    sg_gaussian *gaussian, sg_error *error);
void sg_gaussian_clear(sg_gaussian *gaussian);

#endif
