/* Pictures as the inputs of feature networks: resized, normalised, in the format of their layers.
 */
#ifndef SG_FEATURES_FEATURE_INPUT_H
#define SG_FEATURES_FEATURE_INPUT_H

#include "base/error.h"
#include "features/feature_pictures.h"
#include "kernels/convolution/tap_image.h"

/* What a network does with a value v of 0 to 255: (v - mean) / deviation, by channel. */
typedef struct sg_feature_norm {
    float mean[3], deviation[3];
} sg_feature_norm;

/*
 * Fills pictures of `image`, which has three channels, from picture `first` of `pictures` on;
 * pictures of another size are resized by `resize`. Fails with SG_ERROR_ARGUMENT for values that
 * are not finite, which would spread to other pictures, and for lack of memory.
 */
sg_status sg_feature_input_load(const sg_feature_pictures *pictures, int64_t first, int64_t count,
                                sg_feature_resize resize, const sg_feature_norm *norm,
                                const sg_tap_image *image, sg_error *error);

/* Fails with SG_ERROR_ARGUMENT for pictures without pixels or with other than 1 or 3 channels. */
sg_status sg_feature_input_check(const sg_feature_pictures *pictures, sg_error *error);

/* Turns a size into that of reduced pictures: the longer side is at most 256. */
void sg_feature_reduce_size(size_t *height, size_t *width);

/* Pictures reduced by area, or the same ones. */
typedef struct sg_feature_reduced {
    sg_feature_pictures pictures;
    float *values; /* owned; NULL: nothing was reduced */
} sg_feature_reduced;

/* Reduces pictures with a side above 256 by area, so that the longer side is 256, unless `whole`;
 * the caller frees the values, also after a failure. */
sg_status sg_feature_reduce(const sg_feature_pictures *pictures, bool whole,
                            sg_feature_reduced *reduced, sg_error *error);

#endif
