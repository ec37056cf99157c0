/* Reduction of large pictures by area, on the tape. */
#ifndef SG_FEATURES_TAPE_AREA_REDUCTION_H
#define SG_FEATURES_TAPE_AREA_REDUCTION_H

#include "tensor/tape.h"

/*
 * Reduces pictures [N, H, W, C] with a side above 256 by area, so that the longer side is 256, as
 * sg_feature_reduce does; returns others as they are. NULL (error in the context) on failure.
 */
sg_tensor *sg_reduce_area(sg_tensor *pictures);

#endif
