/*
 * Resizes planes of floats, as feature networks take their pictures: no value is rounded to 8 bits.
 * Each rule is the one of a program whose figures others compare with.
 */
#ifndef SG_IMAGE_RESIZE_PLANES_H
#define SG_IMAGE_RESIZE_PLANES_H

#include "base/error.h"
#include "image/resize_weights.h"

/* Planes of one size, one after the other, rows from top to bottom. */
typedef struct sg_planes {
    size_t count, height, width;
    const float *values; /* [count, height, width] */
} sg_planes;

/*
 * Resizes every plane to `height` x `width` in `resized` [count, height, width], which the caller
 * owns and which does not overlap the source. Along rows first, then along columns; sums are
 * doubles, rounded to floats after each direction. The usual filters:
 *
 *     SG_RESIZE_LEGACY     the official programs' metrics (TensorFlow 1)
 *     SG_RESIZE_HALFPIXEL  pytorch-fid
 *     SG_RESIZE_BICUBIC    clean-fid, which then clips to 0..255 (sg_clip_values)
 *     SG_RESIZE_CELL       LPIPS of large pictures; block means for whole factors
 *
 * Fails with SG_ERROR_ARGUMENT for a side of 0 pixels, and with SG_ERROR_MEMORY.
 */
sg_status sg_resize_planes(const sg_planes *planes, sg_resize_filter filter, size_t height,
                           size_t width, float *resized, sg_error *error);

/* Clips `count` values to least .. most; NaN becomes `least`. */
void sg_clip_values(float *values, size_t count, float least, float most);

#endif
