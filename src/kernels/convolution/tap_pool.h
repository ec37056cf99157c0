/* Pools of networks that only infer, between tap images (tap_image.h). */
#ifndef SG_KERNELS_CONVOLUTION_TAP_POOL_H
#define SG_KERNELS_CONVOLUTION_TAP_POOL_H

#include "kernels/convolution/tap_image.h"

/* Square windows; pixels beyond the source take no part. */
typedef struct sg_tap_pool {
    int64_t side, stride, pad, channels;
    bool average;      /* the mean of a window's pixels; otherwise the largest value */
    const float *bias; /* [channels], added to the result; NULL: none */
    bool rectified;    /* negative results become zero */
} sg_tap_pool;

/* Pools `batch` pictures of `source` to `target`, whose size says how many windows there are. */
void sg_tap_pool_run(const sg_tap_pool *pool, const sg_tap_image *source,
                     const sg_tap_image *target, int64_t batch);

/* means [batch, channels] of all pixels of each picture. */
void sg_tap_means(const sg_tap_image *source, int64_t batch, int64_t channels, float *means);

#endif
