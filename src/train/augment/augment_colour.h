/* The colour part of the pipe: one matrix for each picture. */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_COLOUR_H
#define SG_TRAIN_AUGMENT_AUGMENT_COLOUR_H

#include "tensor/tape.h"
#include "train/augment/augment_draws.h"

/* Returns images [N, H, W, C] with their colours changed as the draws say. */
sg_tensor *sg_augment_colour(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                             sg_tensor *images);

#endif
