/*
 * The direction across the boundary between latents that have an attribute and latents that do not
 * (InterFaceGAN; Shen et al. 2020): the normal of a linear support vector machine.
 */
#ifndef SG_EDIT_DIRECTIONS_BOUNDARY_H
#define SG_EDIT_DIRECTIONS_BOUNDARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The share of samples taken from each end of the scores, the share of these that is trained on,
 * and the cost of a sample on the wrong side, as InterFaceGAN has them. */
#define SG_BOUNDARY_SHARE 0.2
#define SG_BOUNDARY_TRAIN_SHARE 0.7
#define SG_BOUNDARY_COST 1.0

/* Latents and how much each has of the attribute; borrowed. */
typedef struct sg_scored_latents {
    size_t count, width;
    const float *latents; /* [count, width] */
    const float *scores;  /* [count] */
} sg_scored_latents;

/* Which samples are trained on; released by sg_boundary_split_clear. */
typedef struct sg_boundary_split {
    size_t count;
    size_t chosen;               /* samples of each side */
    size_t *order;               /* [count]: by score, the highest first, earlier ones first among
                                    equals; the first `chosen` are positive, the last negative */
    size_t train;                /* samples of each side that are trained on */
    size_t *positive, *negative; /* [train], in the order in which they are trained on */
} sg_boundary_split;

/*
 * Ranks the samples by score, takes `share` of all from each end, and of these the share `train`,
 * at random by `seed`; both are rounded down. Fails with SG_ERROR_ARGUMENT for scores that are not
 * finite, for too few samples, or when all scores are equal, and with SG_ERROR_MEMORY; `split` is
 * empty then.
 */
sg_status sg_boundary_split_create(const sg_scored_latents *samples, double share, double train,
                                   uint64_t seed, sg_boundary_split *split, sg_error *error);
void sg_boundary_split_clear(sg_boundary_split *split);

/* A boundary, w x + b = 0; released by sg_boundary_clear. */
typedef struct sg_boundary {
    size_t width;
    double *weights;            /* [width + 1]: w and b */
    double *normal;             /* [width]: w / |w| */
    size_t dual_count;          /* 2 * split->train */
    double *duals;              /* of the positive samples, then of the negative ones */
    double objective;           /* |w|^2 / 2 + cost * sum of max(0, 1 - y (w x + b)) */
    double validation_accuracy; /* of the chosen samples that were not trained on; NaN: none */
    double remaining_accuracy;  /* of the others, which are positive if their score is at least the
                                   middle of the highest and the lowest; NaN: none */
} sg_boundary;

/* Trains on the samples of the split. Fails with SG_ERROR_ARGUMENT for latents that are not finite,
 * with SG_ERROR_MEMORY, and as sg_linear_open does; `found` is empty then. */
sg_status sg_boundary_train(const sg_scored_latents *samples, const sg_boundary_split *split,
                            double cost, sg_boundary *found, sg_error *error);
void sg_boundary_clear(sg_boundary *found);

#endif
