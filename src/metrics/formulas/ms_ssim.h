/*
 * Multi-scale structural similarity (Wang et al. 2003, "Multiscale structural similarity for image
 * quality assessment"), with the windows and edges of ProGAN's program. Among generated pictures,
 * much similarity means little variety.
 */
#ifndef SG_METRICS_FORMULAS_MS_SSIM_H
#define SG_METRICS_FORMULAS_MS_SSIM_H

#include "base/error.h"

enum { SG_SSIM_LEVELS = 5 };

extern const double sg_ms_ssim_weights[SG_SSIM_LEVELS]; /* the published exponents */

/* The similarity of two pictures. */
typedef struct sg_ms_ssim_result {
    double value;
    double ssim[SG_SSIM_LEVELS]; /* of each level, mean over positions and channels */
    double contrast[SG_SSIM_LEVELS];
} sg_ms_ssim_result;

/* Two pictures of one size: planes [channels, height, width] of levels 0 .. 255. */
typedef struct sg_picture_pair {
    size_t channels, height, width;
    const float *a, *b;
} sg_picture_pair;

/*
 * Computes the similarity. Grey pictures need not be repeated: equal channels give the same value.
 * Fails with SG_ERROR_ARGUMENT for pictures without pixels, and with SG_ERROR_MEMORY.
 */
sg_status sg_ms_ssim(const sg_picture_pair *pair, const double weights[SG_SSIM_LEVELS],
                     sg_ms_ssim_result *result, sg_error *error);

#endif
