/*
 * Mean and covariance of features that come in one by one, at several numbers of pictures: "fid5k"
 * and "fid50k" look at the same pictures, and each at the first of them. Sums are doubles and have
 * a fixed order: results depend on the features alone, not on the numbers that are asked for or on
 * threads.
 */
#ifndef SG_METRICS_MEASURE_FEATURE_SUMS_H
#define SG_METRICS_MEASURE_FEATURE_SUMS_H

#include "metrics/formulas/moments.h"

enum { SG_MOST_MOMENTS = 32 };

/* The sums; start from a zeroed struct, clear it after use. */
typedef struct sg_feature_sums {
    size_t width, added;
    sg_feature_moments *sums; /* without the rows that wait */
    float *waiting;           /* rows that are not in the sums yet, so that they go in together */
    size_t waiting_count;
    size_t counts[SG_MOST_MOMENTS];       /* numbers of pictures that were asked for */
    sg_gaussian moments[SG_MOST_MOMENTS]; /* of each, with 1 / count; without mean: not yet */
    size_t moment_count;
} sg_feature_sums;

/* Asks for the moments of the first `count` pictures (at least 1); false when there are too many.
 */
bool sg_feature_sums_ask(sg_feature_sums *sums, size_t count);

/* Prepares for features of `width` numbers; does nothing when no moments were asked for. */
sg_status sg_feature_sums_begin(sg_feature_sums *sums, size_t width, sg_error *error);

/* Adds one picture's features [width]. Fails as sg_feature_moments_add does. */
sg_status sg_feature_sums_add(sg_feature_sums *sums, const float *features, sg_error *error);

/* Returns the moments of the first `count` pictures; NULL when they are not there. */
const sg_gaussian *sg_feature_sums_find(const sg_feature_sums *sums, size_t count);

/* Takes over moments that were computed elsewhere, for moments->count pictures that were asked for.
 */
void sg_feature_sums_set(sg_feature_sums *sums, const sg_gaussian *moments);

/* Frees what the sums own and zeroes them. */
void sg_feature_sums_clear(sg_feature_sums *sums);

#endif
