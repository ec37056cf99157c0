/*
 * Targets of an inversion with all that the losses compute of them once, and the comparison of a
 * painted picture with them.
 */
#ifndef SG_INVERT_COMPARISON_H
#define SG_INVERT_COMPARISON_H

#include "base/error.h"
#include "features/feature_pictures.h"
#include "invert/invert_losses.h"

/* Targets; all tensors are owned. */
typedef struct sg_comparison {
    sg_invert_networks networks;
    sg_invert_weights weights;
    sg_tensor *levels;       /* [N, H, W, 1 or 3], 0 to 255 */
    sg_tensor *native;       /* [N, H, W, C], -1 to 1, with the generator's channels */
    sg_tensor *mask;         /* [1, H, W, 1]; NULL: every pixel counts */
    sg_lpips_features lpips; /* of `levels` */
    sg_feature_maps discriminator, classifier; /* of `native` */
} sg_comparison;

/*
 * Takes the targets and computes their features. The caller clears the comparison, also after a
 * failure. Fails with SG_ERROR_ARGUMENT for pictures of another size than the generator's, of other
 * than 1 or 3 channels, and for a loss whose network is absent or does not fit the generator.
 */
sg_status sg_comparison_make(sg_comparison *comparison, const sg_invert_networks *networks,
                             const sg_invert_weights *weights, const sg_feature_pictures *targets,
                             const float *mask, sg_error *error);
void sg_comparison_clear(sg_comparison *comparison);

/*
 * Returns the weighted sum of the losses of pictures [1 or N, H, W, C] in [-1, 1] as a scalar;
 * distances[] gets each loss, a scalar too or NULL where its weight is 0. NULL (error in the
 * context) on failure.
 */
sg_tensor *sg_comparison_distance(const sg_comparison *comparison, sg_tensor *pictures,
                                  sg_tensor *distances[SG_INVERT_LOSS_COUNT]);

#endif
