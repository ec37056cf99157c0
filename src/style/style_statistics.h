/*
 * Means and deviations of feature maps, and adaptive instance normalisation (Huang and Belongie
 * 2017): what a picture's style is, and how one picture's features take another's.
 */
#ifndef SG_STYLE_STYLE_STATISTICS_H
#define SG_STYLE_STYLE_STATISTICS_H

#include "tensor/tape.h"

/* The statistics of maps [N, h, w, C], each [N, 1, 1, C]. */
typedef struct sg_style_statistics {
    sg_tensor *mean;
    sg_tensor *deviation; /* sqrt(variance of h * w - 1 degrees of freedom + 1e-5) */
} sg_style_statistics;

/* Returns the statistics of each picture and channel; members are NULL (error in the context) on
 * failure. */
sg_style_statistics sg_style_statistics_of(sg_tensor *maps);

/*
 * Returns (content - mean) / deviation * style's deviation + style's mean, with the mean and the
 * deviation of `content` [N, h, w, C]. NULL (error in the context) on failure.
 */
sg_tensor *sg_style_adain(sg_tensor *content, const sg_style_statistics *style);

/* Returns (1 - share) * from + share * to; the one of them itself where the share is 0 or 1. */
sg_tensor *sg_style_blend(sg_tensor *from, sg_tensor *to, double share);

#endif
