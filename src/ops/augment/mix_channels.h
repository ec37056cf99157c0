/* Colours changed by a matrix for each picture. */
#ifndef SG_OPS_AUGMENT_MIX_CHANNELS_H
#define SG_OPS_AUGMENT_MIX_CHANNELS_H

#include "tensor/tape.h"

/*
 * Replaces the first K channels of each pixel of x [N, H, W, C] by maps[n] times them plus the
 * map's last column; further channels stay. `maps` [N, K, K + 1], f64 whatever the type of x, with
 * K at most 4 and at most C, gets no gradient.
 */
sg_tensor *sg_mix_channels(sg_tensor *x, sg_tensor *maps);

#endif
