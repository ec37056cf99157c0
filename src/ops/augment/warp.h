/* Affine maps of images without aliasing: the geometry of ADA's pipe (Karras et al. 2020). */
#ifndef SG_OPS_AUGMENT_WARP_H
#define SG_OPS_AUGMENT_WARP_H

#include "kernels/resample/warp.h"
#include "tensor/tape.h"

/* The low-pass filter of Symlet-6 with a sum of 1, in single precision as published. */
extern const double sg_warp_filter[SG_WARP_TAPS];

/*
 * Maps x [N, H, W, C] to as many pixels. `maps` [N, 2, 3], f64, gives the point (x, y) of the image
 * that point (x', y') of the result shows, maps[n] (x', y', 1), both in pixels from the centre. The
 * image is padded by reflection as far as any of the maps reaches, at most to its size; beyond that
 * there are zeros. It is upsampled by 2 with the 12 taps of Symlet-6, sampled bilinearly at twice
 * the resolution, and downsampled. `maps` gets no gradient.
 */
sg_tensor *sg_warp(sg_tensor *x, sg_tensor *maps);

#endif
