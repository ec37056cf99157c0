/* The image filter of the pipe: bands of frequencies are amplified, for each picture its own. */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_FILTER_H
#define SG_TRAIN_AUGMENT_AUGMENT_FILTER_H

#include "tensor/tape.h"
#include "train/augment/augment_draws.h"

enum { SG_AUGMENT_BANDS = 4, SG_AUGMENT_TAPS = 43 };

/* Computes the filters that add up to the one that changes nothing, from low frequencies to high:
 * `bank` has SG_AUGMENT_BANDS rows of SG_AUGMENT_TAPS. */
void sg_augment_filter_bank(double bank[SG_AUGMENT_BANDS][SG_AUGMENT_TAPS]);

/* Returns images [N, H, W, C], filtered as the draws say. Sides of 21 pixels or less, which the
 * published code refuses, are padded by reflecting more than once. */
sg_tensor *sg_augment_filter(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                             sg_tensor *images);

#endif
