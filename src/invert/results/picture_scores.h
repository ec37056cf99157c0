/* How near a picture comes to its target: PSNR, SSIM and LPIPS. */
#ifndef SG_INVERT_RESULTS_PICTURE_SCORES_H
#define SG_INVERT_RESULTS_PICTURE_SCORES_H

#include "features/feature_network.h"
#include "image/image.h"

/* Plain data. */
typedef struct sg_picture_scores {
    double psnr;  /* decibels: 10 log10(255^2 / mean square difference of levels); infinite for
                     equal pictures */
    double ssim;  /* structural similarity (Wang et al. 2004) of one scale: windows of 11x11 pixels
                     under a Gaussian of deviation 1.5, the mean over positions and channels */
    double lpips; /* of VGG16; NaN without the network */
} sg_picture_scores;

/*
 * Compares `picture` with `target` of its shape. `weights` [height, width], 0 to 1 (NULL: all 1),
 * say how much each pixel counts: the mean of PSNR is weighted, and for SSIM and LPIPS the target
 * stands in for what does not count. `lpips` (NULL: not computed) is a network of that kind. Fails
 * with SG_ERROR_SHAPE for pictures of two shapes, otherwise as the network and the formulas do.
 */
sg_status sg_picture_scores_compute(const sg_image *target, const sg_image *picture,
                                    const float *weights, sg_feature_network *lpips,
                                    sg_picture_scores *scores, sg_error *error);

#endif
