/* Shows results of inner layers to who asked for them (sg_feature_results.taps). */
#ifndef SG_FEATURES_FEATURE_SHOW_H
#define SG_FEATURES_FEATURE_SHOW_H

#include "features/feature_pictures.h"
#include "kernels/convolution/tap_image.h"

/* Copies `count` pictures of a layer's image, pictures `first` on of all, if anybody asked. */
void sg_feature_show(const sg_feature_results *results, int layer, const sg_tap_image *image,
                     int64_t first, int64_t count);

/* The same for a layer whose pictures have `length` numbers each. */
void sg_feature_show_rows(const sg_feature_results *results, int layer, const float *rows,
                          int64_t length, int64_t first, int64_t count);

#endif
