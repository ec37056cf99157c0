/*
 * encoder4editing's discriminator of w (Tov et al. 2021, section 4.2): tells w of the mapping
 * network from those of the encoder, which learns to give w that it takes for real. Private to the
 * training of encoders.
 */
#ifndef SG_TRAIN_STEP_LATENT_JUDGE_H
#define SG_TRAIN_STEP_LATENT_JUDGE_H

#include "optim/gradients.h"
#include "optim/optimiser.h"

enum { SG_LATENT_LAYERS = 4, SG_LATENT_POOL = 50 };

/* Earlier w, some of which stand in for new ones. */
typedef struct sg_latent_pool {
    float *values; /* [SG_LATENT_POOL, w_dim], owned */
    int64_t count; /* filled rows */
} sg_latent_pool;

/* The network: layers of w_dim numbers with leaky ReLU of slope 0.2, the last of one number. */
typedef struct sg_latent_judge {
    sg_parameter_set parameters;
    sg_tensor *weights[SG_LATENT_LAYERS], *biases[SG_LATENT_LAYERS]; /* borrowed from the set */
    sg_optimiser *optimiser;
    sg_trainable_list list;
    int w_dim;
    sg_latent_pool reals, fakes;
} sg_latent_judge;

/* Creates it with the initial weights of `seed` and Adam's `rate`; NULL (error in the context) on
 * failure. */
sg_latent_judge *sg_latent_judge_create(sg_context *context, int w_dim, double rate, uint64_t seed);
void sg_latent_judge_destroy(sg_latent_judge *judge);

/* Returns the scores [N, 1] of w [N, w_dim]. */
sg_tensor *sg_latent_judge_scores(const sg_latent_judge *judge, sg_tensor *w);

/*
 * Returns w [N, w_dim] of which each stays or, with even odds once the pool is full, is exchanged
 * for one of the pool (Shrivastava et al. 2017, section 2.3). `chances` [N, 2] are uniform in
 * [0, 1). Off the tape; NULL (error in the context) on failure.
 */
sg_tensor *sg_latent_pool_query(sg_latent_pool *pool, const sg_tensor *w, const double *chances);

/*
 * Takes a step of the logistic loss on w, both [N, w_dim] and off the tape, and, with `gamma` above
 * 0, one of R1 on the real ones, gamma/2 |d score / d w|^2. Returns the loss of the first.
 */
double sg_latent_judge_step(sg_latent_judge *judge, sg_tensor *reals, sg_tensor *fakes,
                            double gamma);

/* Returns the encoder's loss: the mean of softplus(-score) over the first `codes` of styles [N, L,
 * w_dim]. */
sg_tensor *sg_latent_judge_loss(const sg_latent_judge *judge, sg_tensor *styles, int64_t codes);

#endif
