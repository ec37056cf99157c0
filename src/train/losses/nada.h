/*
 * The losses of StyleGAN-NADA (Gal et al. 2022, section 4) between features of pictures of a
 * generator and of its moved copy, from the same latents: CLIP's, of unit length, or the logits of
 * a classifier.
 */
#ifndef SG_TRAIN_LOSSES_NADA_H
#define SG_TRAIN_LOSSES_NADA_H

#include "tensor/tape.h"

/* How two directions of unit length are compared: 1 - cosine, mean square and mean absolute
 * difference of components. */
typedef enum sg_nada_distance { SG_NADA_COSINE, SG_NADA_SQUARE, SG_NADA_ABSOLUTE } sg_nada_distance;

/* Returns the direction [1, F], of unit length, from the mean of features `source` [N, F] to that
 * of `target` [M, F]; of as many of both, that is the mean of their differences. */
sg_tensor *sg_nada_direction(sg_tensor *source, sg_tensor *target);

/* Returns the cosine between the means of features of unit length, [N, F] and [M, F]. */
double sg_nada_cosine(sg_tensor *source, sg_tensor *target);

/*
 * Returns the mean over the batch of how far each direction from `source` to `target`, [N, F] each,
 * is from `wanted` [1, F]. `least` is added, squared, to the squared length of a direction: equal
 * pictures have a direction of no length, whose gradient would have no bounds. 0 is as published.
 */
sg_tensor *sg_nada_directional(sg_tensor *source, sg_tensor *target, sg_tensor *wanted,
                               sg_nada_distance distance, double least);

/* Returns the mean over the batch of | cos(target, source) - cosine |, of features of unit length:
 * pictures move as far as texts differ. */
sg_tensor *sg_nada_manifold(sg_tensor *source, sg_tensor *target, double cosine);

/* Returns the mean over all pairs of 1 - cos of features of unit length, [N, F] and [M, F]. */
sg_tensor *sg_nada_global(sg_tensor *features, sg_tensor *wanted);

#endif
