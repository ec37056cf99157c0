/* The discriminator together with what is done to pictures before it sees them. */
#ifndef SG_TRAIN_LOSSES_CRITIC_H
#define SG_TRAIN_LOSSES_CRITIC_H

#include "models/discriminator.h"

typedef struct sg_critic {
    sg_discriminator *discriminator;
    /*
     * Pixels at which the Gaussian blur of real and generated pictures has fallen to one half,
     * which keeps the discriminator from the finest detail early in training (Karras et al. 2021,
     * appendix G.2). Below 1/3 there is none.
     */
    double blur_sigma;
} sg_critic;

/* Scores [N, 1] of pictures [N, H, W, C] and labels (NULL when unconditional). */
sg_tensor *sg_critic_score(const sg_critic *critic, sg_tensor *pictures, sg_tensor *labels);

#endif
