/*
 * Sliced Wasserstein distance of patches (Karras et al. 2018, "Progressive growing of GANs",
 * section 5): how far the distributions of two sets' patches are apart, at each level of detail.
 */
#ifndef SG_METRICS_FORMULAS_SLICED_WASSERSTEIN_H
#define SG_METRICS_FORMULAS_SLICED_WASSERSTEIN_H

#include "base/watch.h"
#include "metrics/formulas/patch_set.h"

enum {
    SG_SLICE_REPEATS = 4,     /* the official numbers */
    SG_SLICE_DIRECTIONS = 128 /* of a repeat */
};

/* Directions that patches are projected on, of any length. */
typedef struct sg_slices {
    size_t repeats, directions;
    const float *values;   /* [repeats, 147, directions] */
    const sg_watch *watch; /* told how far the comparison is; may be NULL */
} sg_slices;

/* What a level's patches are normalised by: (value - mean) / deviation of its channel. */
typedef struct sg_patch_scale {
    double mean[SG_PATCH_CHANNELS], deviation[SG_PATCH_CHANNELS];
} sg_patch_scale;

/* Computes the mean and deviation of each channel over all patches of a level. */
void sg_patch_set_scale(const sg_patch_set *set, size_t level, sg_patch_scale *scale);

/*
 * Computes 1000 times the distance for each level, the picture's own first, into `distances`
 * [levels]. Fails with SG_ERROR_ARGUMENT for sets of different sizes or numbers of patches, or
 * without patches, with SG_ERROR_CANCELLED when the watch asks to stop, and with SG_ERROR_MEMORY.
 */
sg_status sg_sliced_wasserstein(const sg_patch_set *a, const sg_patch_set *b,
                                const sg_slices *slices, double *distances, sg_error *error);

#endif
