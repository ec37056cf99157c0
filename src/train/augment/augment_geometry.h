/* The geometric part of the pipe: one affine map for each picture, applied to resampled pictures.
 */
#ifndef SG_TRAIN_AUGMENT_AUGMENT_GEOMETRY_H
#define SG_TRAIN_AUGMENT_AUGMENT_GEOMETRY_H

#include "tensor/tape.h"
#include "train/augment/augment_draws.h"

/* Returns images [N, H, W, C], blitted and moved as the draws say. */
sg_tensor *sg_augment_geometry(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                               sg_tensor *images);

#endif
