/* Maxima of 2x2 pixels, as between the blocks of VGG16. */
#ifndef SG_OPS_MAX_POOL_H
#define SG_OPS_MAX_POOL_H

#include "tensor/tape.h"

/*
 * Returns the maxima of 2x2 pixels without overlap, [N, H / 2, W / 2, C] of x [N, H, W, C]; an odd
 * last row or column is left out. The gradient goes to the first of equal maxima.
 */
sg_tensor *sg_max_pool(sg_tensor *x);

#endif
