/* The discriminator together with what is done to pictures before it sees them. */
#ifndef SG_TRAIN_LOSSES_SCORER_H
#define SG_TRAIN_LOSSES_SCORER_H

#include "models/discriminator.h"

typedef struct sg_scorer {
    sg_discriminator *discriminator;
    /*
     * Pixels at which the Gaussian blur of real and generated pictures has fallen to one half,
     * which keeps the discriminator from the finest detail early in training (Karras et al. 2021,
     * appendix G.2). Below 1/3 there is none.
     */
    double blur_sigma;
} sg_scorer;

/* Scores [N, 1] of pictures [N, H, W, C] and labels (NULL when unconditional). */
sg_tensor *sg_score(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels);

#endif
