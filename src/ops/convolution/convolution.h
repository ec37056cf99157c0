/*
 * Convolution and its adjoints, closed under differentiation (kernels/convolution/convolution.h has
 * the formulas). Images are [N, H, W, C], weights OIHW.
 */
#ifndef SG_OPS_CONVOLUTION_CONVOLUTION_H
#define SG_OPS_CONVOLUTION_CONVOLUTION_H

#include "ops/convolution/options.h"

/* Returns gain * (x correlated with w): [N, (H + pads - KH) / stride + 1, ..., O]. */
sg_tensor *sg_convolution(sg_tensor *x, sg_tensor *w, sg_convolution_options options);

/*
 * Returns the adjoint of sg_convolution by w, applied to y, as an image of height x width: torch's
 * conv_transpose2d. y has the O channels of w, the result its I (times groups). A layer whose
 * forward pass is this op stores its weights swapped.
 */
sg_tensor *sg_convolution_transpose(sg_tensor *y, sg_tensor *w, int64_t height, int64_t width,
                                    sg_convolution_options options);

/* Returns the gradient of the weights: gain * sum of x times y, [O, I / groups, height, width]. */
sg_tensor *sg_convolution_weights(sg_tensor *x, sg_tensor *y, int64_t height, int64_t width,
                                  sg_convolution_options options);

#endif
