/* Resizing of pictures on the tape. */
#ifndef SG_FEATURES_TAPE_AREA_REDUCTION_H
#define SG_FEATURES_TAPE_AREA_REDUCTION_H

#include "image/resize_weights.h"
#include "tensor/tape.h"

/* Resizes pictures [N, H, W, C] by a filter: with a matrix for each direction. NULL (error in the
 * context) on failure. */
sg_tensor *sg_resize_tensor(sg_tensor *pictures, size_t height, size_t width,
                            sg_resize_filter filter);

/*
 * Reduces pictures [N, H, W, C] with a side above 256 by area, so that the longer side is 256, as
 * sg_feature_reduce does; returns others as they are. NULL (error in the context) on failure.
 */
sg_tensor *sg_reduce_area(sg_tensor *pictures);

#endif
