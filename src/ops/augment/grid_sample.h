/* Sampling images at the points of a grid: what geometric augmentations are made of. */
#ifndef SG_OPS_AUGMENT_GRID_SAMPLE_H
#define SG_OPS_AUGMENT_GRID_SAMPLE_H

#include "tensor/tape.h"

/*
 * Samples x [N, H, W, C] at height * width points: [N, height, width, C]. `maps` [N, 2, 3], f64
 * whatever the type of x, gives column and row of x, in pixels from the first pixel's centre, for
 * column i and row j of the result: maps[n] (i, j, 1). Bilinear, with zeros outside. `maps` gets no
 * gradient.
 */
sg_tensor *sg_grid_sample(sg_tensor *x, sg_tensor *maps, int64_t height, int64_t width);

/* Returns the adjoint of sg_grid_sample for images of height * width: adds each point of y to the
 * pixels it was sampled from. */
sg_tensor *sg_grid_scatter(sg_tensor *y, sg_tensor *maps, int64_t height, int64_t width);

/* Resizes x [N, H, W, C] bilinearly so that the centres of corner pixels stay where they are, as
 * PyTorch's align_corners does. */
sg_tensor *sg_resize_aligned(sg_tensor *x, int64_t height, int64_t width);

#endif
