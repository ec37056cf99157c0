/*
 * ADA's augmentation pipe (Karras et al. 2020, appendix B): pixel blitting, geometry, colour, image
 * filter, noise and cutout, each for a picture with a probability. Linear in the pictures, so that
 * gradients of any order flow.
 */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_H
#define SG_TRAIN_AUGMENT_AUGMENT_H

#include "tensor/tape.h"
#include "train/augment/augment_draws.h"

/*
 * Returns the augmented pictures, of the shape of `images` [N, H, W, C] in [-1, 1], on the tape.
 * A transform happens to a picture whose gate is below its multiplier times p (p above 1 counts as
 * 1). Colour treats the first channel of 1 or 2, the first three of more, and leaves the others;
 * everything else treats all channels. `draws` must be of the spec and of the sizes of `images`.
 * Returns NULL (error in the context) on failure.
 */
sg_tensor *sg_augment(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                      sg_tensor *images);

#endif
