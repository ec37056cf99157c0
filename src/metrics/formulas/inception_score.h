/*
 * Inception score (Salimans et al. 2016, "Improved techniques for training GANs", section 4): how
 * sure a classifier is of each picture, and how evenly its classes appear.
 */
#ifndef SG_METRICS_FORMULAS_INCEPTION_SCORE_H
#define SG_METRICS_FORMULAS_INCEPTION_SCORE_H

#include "base/error.h"
#include "metrics/formulas/rows.h"

enum { SG_INCEPTION_SPLITS = 10 /* the official number */ };

/*
 * Computes exp(mean over rows of sum_c p_c (log p_c - log of p_c's mean)), p the softmax of
 * `logits`, for each of `splits` runs of rows: run i is rows i count / splits .. (i + 1) count /
 * splits - 1. `scores` [splits] gets each, *mean and *deviation (population) what they come to.
 * Fails with SG_ERROR_ARGUMENT for fewer rows than splits or logits that are not finite, and with
 * SG_ERROR_MEMORY.
 */
sg_status sg_inception_score(const sg_rows *logits, size_t splits, double *scores, double *mean,
                             double *deviation, sg_error *error);

#endif
