/* The Gaussian blur of pictures that hides the finest detail early in training (Karras et al. 2021,
 * appendix G.2). */
#ifndef SG_TRAIN_LOSSES_BLUR_H
#define SG_TRAIN_LOSSES_BLUR_H

#include "tensor/tensor.h"

/*
 * Returns pictures [N, H, W, C] blurred with the taps 2^-(distance / sigma)^2, which reach 3 sigma
 * pixels and add up to 1; there are zeros around the pictures. Returns `pictures` itself when sigma
 * is so small that only the middle tap is left. Owned by the innermost scope; NULL (error in the
 * context) on failure.
 */
sg_tensor *sg_blur(sg_tensor *pictures, double sigma);

#endif
