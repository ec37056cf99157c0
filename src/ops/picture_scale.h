/* Nearest-neighbour enlarging and its adjoint up to a factor, as networks that grow resize. */
#ifndef SG_OPS_PICTURE_SCALE_H
#define SG_OPS_PICTURE_SCALE_H

#include "tensor/tape.h"

/* [N, H, W, C] with each pixel repeated: [N, H * factor, W * factor, C]; x itself for factor 1. */
sg_tensor *sg_enlarge_nearest(sg_tensor *x, int factor);

/* The mean of each factor x factor pixels: [N, H / factor, W / factor, C]; `factor` divides H and
 * W. */
sg_tensor *sg_reduce_box(sg_tensor *x, int factor);

#endif
