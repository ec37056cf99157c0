/*
 * Kernel inception distance (Binkowski et al. 2018, "Demystifying MMD GANs", section 4): the
 * unbiased estimate of the squared maximum mean discrepancy under the kernel (x y / d + 1)^3, d the
 * number of features, averaged over subsets.
 */
#ifndef SG_METRICS_FORMULAS_KERNEL_DISTANCE_H
#define SG_METRICS_FORMULAS_KERNEL_DISTANCE_H

#include <stdint.h>

#include "base/error.h"
#include "base/numpy_random.h"
#include "base/watch.h"
#include "metrics/formulas/rows.h"

enum {
    SG_KERNEL_SUBSETS = 100,     /* the official number */
    SG_KERNEL_SUBSET_SIZE = 1000 /* the official largest size */
};

/* How subsets are drawn. */
typedef struct sg_kernel_options {
    size_t subsets;     /* at least 1 */
    size_t subset_size; /* the largest; smaller sets are taken whole, in another order */
    uint32_t seed;
    const sg_watch *watch; /* told how far the comparison is; may be NULL */
} sg_kernel_options;

/* Two rows of indices of a subset. */
typedef struct sg_kernel_subset {
    const size_t *fake, *real; /* [size] */
    size_t size;               /* at least 2 */
} sg_kernel_subset;

/* Computes the distance of a subset. Fails with SG_ERROR_MEMORY and where sg_linear_open does. */
sg_status sg_kernel_subset_distance(const sg_rows *fake, const sg_rows *real,
                                    const sg_kernel_subset *subset, double *distance,
                                    sg_error *error);

/*
 * Draws `size` of `count` rows without replacement into `indices` [count], of which the first are
 * the drawn ones: NumPy's choice(count, size, replace=False).
 */
void sg_kernel_draw(sg_numpy_random *random, size_t count, size_t *indices);

/*
 * Computes the mean distance over subsets that NumPy's RandomState(seed) draws, first the fake rows
 * of a subset, then the real ones, as the official program does. `distances` [subsets] gets each;
 * NULL: nobody wants them. Fails with SG_ERROR_ARGUMENT for sets of fewer than 2 rows, different
 * numbers of features or features that are not finite, and as sg_kernel_subset_distance does.
 */
sg_status sg_kernel_distance(const sg_kernel_options *options, const sg_rows *fake,
                             const sg_rows *real, double *distances, double *mean, sg_error *error);

#endif
