/* Numbers that a training reports: moments between two ticks under official names. */
#ifndef SG_TRAIN_STEP_STATISTICS_H
#define SG_TRAIN_STEP_STATISTICS_H

#include <stdint.h>

#include "tensor/tensor.h"

typedef enum sg_statistic {
    SG_STATISTIC_SCORES_FAKE,
    SG_STATISTIC_SIGNS_FAKE,
    SG_STATISTIC_SCORES_REAL,
    SG_STATISTIC_SIGNS_REAL,
    SG_STATISTIC_LOSS_G,
    SG_STATISTIC_LOSS_D,
    SG_STATISTIC_PATH_PENALTY,
    SG_STATISTIC_LOSS_G_REG,
    SG_STATISTIC_R1_PENALTY,
    SG_STATISTIC_LOSS_D_REG,
    SG_STATISTIC_R2_PENALTY,
    SG_STATISTIC_GRADIENT_PENALTY, /* of WGAN-GP, without its weight */
    SG_STATISTIC_DISTANCE,   /* estimate of the Wasserstein distance, under a Lipschitz bound */
    SG_STATISTIC_GRADIENT_G, /* gradient norm of the generator's main phase */
    SG_STATISTIC_GRADIENT_D, /* gradient norm of the discriminator's main phase */
    SG_STATISTIC_REPLACED,   /* numbers that were not finite, in each phase's gradients with any */
    SG_STATISTIC_SCORES_HELD_OUT, /* of real pictures that are not trained on */
    SG_STATISTIC_SIGNS_HELD_OUT,
    SG_STATISTIC_LOSS_C,          /* a classifier's cross entropy */
    SG_STATISTIC_ACCURACY,        /* share of its answers that are right, augmented pictures */
    SG_STATISTIC_LOSS_C_HELD_OUT, /* the same of its average, on held-out pictures */
    SG_STATISTIC_ACCURACY_HELD_OUT,
    SG_STATISTIC_LOSS_E,        /* an encoder's sum of losses */
    SG_STATISTIC_CODE,          /* mean square difference from known w, relative to their spread */
    SG_STATISTIC_LATENT,        /* what a discriminator of w says of an encoder's w */
    SG_STATISTIC_LATENT_JUDGE,  /* that discriminator's own loss */
    SG_STATISTIC_PSNR,          /* of reconstructions, in decibel, while training */
    SG_STATISTIC_PSNR_HELD_OUT, /* of held-out pictures */
    SG_STATISTIC_DIRECTIONAL,   /* of a generator that is moved: its losses without weights */
    SG_STATISTIC_GLOBAL,
    SG_STATISTIC_MANIFOLD,
    SG_STATISTIC_LOSS_M, /* of a mapper: the sum, the distance from the goal, the square of moves */
    SG_STATISTIC_GOAL,
    SG_STATISTIC_MOVES,
    SG_STATISTIC_AUGMENT, /* the probability p of each augmentation */
    SG_STATISTIC_COUNT
} sg_statistic;

typedef struct sg_moments {
    uint64_t count;
    double sum, sum_of_squares;
} sg_moments;

typedef struct sg_statistics {
    sg_moments moments[SG_STATISTIC_COUNT];
} sg_statistics;

/* Returns the name in stats.jsonl, "Loss/scores/real"; official names where there are any. */
const char *sg_statistic_name(sg_statistic statistic);

/* Removes all numbers, for a new tick. */
void sg_statistics_reset(sg_statistics *statistics);

/* Adds one number. */
void sg_statistics_add(sg_statistics *statistics, sg_statistic statistic, double value);

/* Adds every element of a tensor (NULL: none) under `scores`, and its sign under `signs`. */
void sg_statistics_add_scores(sg_statistics *statistics, sg_statistic scores, sg_statistic signs,
                              const sg_tensor *tensor);

/* Return the mean and the standard deviation of all numbers; 0 when there are none. */
double sg_moments_mean(const sg_moments *moments);
double sg_moments_deviation(const sg_moments *moments);

#endif
