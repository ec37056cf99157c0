/* Numbers reported during training, gathered between two ticks under their official names. */
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
    SG_STATISTIC_GRADIENT_PENALTY, /* WGAN-GP's, without its weight */
    SG_STATISTIC_DISTANCE,         /* the Wasserstein distance, as a bounded critic estimates it */
    SG_STATISTIC_GRADIENT_G,       /* norms of the main phases' gradients */
    SG_STATISTIC_GRADIENT_D,
    SG_STATISTIC_COUNT
} sg_statistic;

typedef struct sg_moments {
    uint64_t count;
    double sum, sum_of_squares;
} sg_moments;

typedef struct sg_statistics {
    sg_moments moments[SG_STATISTIC_COUNT];
} sg_statistics;

/* The name that users of the official training_stats.jsonl read, such as "Loss/scores/real". */
const char *sg_statistic_name(sg_statistic statistic);

/* Forgets everything, for a new tick. */
void sg_statistics_reset(sg_statistics *statistics);

/* Adds one number. */
void sg_statistics_add(sg_statistics *statistics, sg_statistic statistic, double value);

/* Adds every element of a tensor (NULL is ignored), and of its signs under `signs`. */
void sg_statistics_add_scores(sg_statistics *statistics, sg_statistic scores, sg_statistic signs,
                              const sg_tensor *tensor);

/* Mean and standard deviation of what was added; 0 when nothing was. */
double sg_moments_mean(const sg_moments *moments);
double sg_moments_deviation(const sg_moments *moments);

#endif
