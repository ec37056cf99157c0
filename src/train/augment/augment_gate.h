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

/* True if the transform happens to one of the pictures. */
static inline bool sg_augment_is_due(const sg_augment_spec *spec, double p,
                                     const sg_augment_draws *draws, sg_augment_transform transform,
                                     sg_augment_slot slot)
{
    for (int64_t n = 0; n < draws->samples; n++)
        if (sg_augment_passes(spec, p, transform, &draws->rows[n][slot]))
            return true;
    return false;
}

#endif
