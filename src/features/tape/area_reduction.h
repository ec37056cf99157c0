/* Resizing of pictures on the tape. */
#ifndef SG_FEATURES_TAPE_AREA_REDUCTION_H
#define SG_FEATURES_TAPE_AREA_REDUCTION_H

#include "image/resize_weights.h"
#include "tensor/tape.h"

/* A direction of a picture: it is resized to `size` pixels, of which `count` from `from` on stay.
 */
typedef struct sg_resize_part {
    size_t size, from, count;
} sg_resize_part;

/* Resizes pictures [N, H, W, C] by a filter: with a matrix for each direction, which has the pixels
 * alone that the parts need. NULL (error in the context) on failure. */
sg_tensor *sg_resize_tensor(sg_tensor *pictures, sg_resize_part rows, sg_resize_part columns,
                            sg_resize_filter filter);

/*
 * Reduces pictures [N, H, W, C] with a side above 256 by area, so that the longer side is 256, as
 * sg_feature_reduce does; returns others as they are. NULL (error in the context) on failure.
 */
sg_tensor *sg_reduce_area(sg_tensor *pictures);

#endif
