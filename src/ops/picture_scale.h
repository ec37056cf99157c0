/* Nearest-neighbour enlarging and box reduction, by which growing networks resize. */
#ifndef SG_OPS_PICTURE_SCALE_H
#define SG_OPS_PICTURE_SCALE_H

#include "tensor/tape.h"

/* Repeats each pixel of [N, H, W, C]: [N, H * factor, W * factor, C]; x itself for factor 1. */
sg_tensor *sg_enlarge_nearest(sg_tensor *x, int factor);

/* Averages blocks of factor x factor pixels: [N, H / factor, W / factor, C]. `factor` must divide H
 * and W. */
sg_tensor *sg_reduce_box(sg_tensor *x, int factor);

#endif
