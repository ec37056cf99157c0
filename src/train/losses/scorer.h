/* A discriminator with what is done to pictures before it sees them. */
#ifndef SG_TRAIN_LOSSES_SCORER_H
#define SG_TRAIN_LOSSES_SCORER_H

#include "base/random.h"
#include "models/discriminator.h"
#include "train/augment/augment_draws.h"

typedef struct sg_scorer {
    sg_discriminator *discriminator;
    /*
     * Distance in pixels at which the Gaussian blur of real and generated pictures has fallen to
     * one half; 0 to 1/3: no blur. The blur hides the finest detail early in training (Karras et
     * al. 2021, appendix G.2).
     */
    double blur_sigma;
    /* After the blur, pictures pass this pipe with this probability of each transform and these
     * random numbers; NULL: they do not. */
    const sg_augment_spec *augment;
    double augment_p;
    sg_augment_draws draws;
    /* Standard deviation of the normal noise that is added to pictures last, 0 for none, and where
     * it begins in its stream (Sonderby et al. 2017; Arjovsky and Bottou 2017). */
    double noise_sigma;
    sg_random noise;
} sg_scorer;

/* Returns the scores [N, 1] of pictures [N, H, W, C] and labels [N, c_dim] (NULL when
 * unconditional), owned by the innermost scope; NULL (error in the context) on failure. */
sg_tensor *sg_score(const sg_scorer *scorer, sg_tensor *pictures, sg_tensor *labels);

#endif
