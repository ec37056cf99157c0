/* Which draws take effect. */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_GATE_H
#define SG_TRAIN_AUGMENT_AUGMENT_GATE_H

#include "train/augment/augment_draws.h"

/* True if the transform happens to the picture that the draw is for. */
static inline bool sg_augment_passes(const sg_augment_spec *spec, double p,
                                     sg_augment_transform transform, const sg_augment_draw *draw)
{
    return draw->gate < spec->multiplier[transform] * p;
}

#endif
