/*
 * Convolution and its adjoints, closed under differentiation (kernels/convolution/convolution.h has
 * the formulas). Images are [N, H, W, C], weights OIHW.
 */
#ifndef SG_OPS_CONVOLUTION_CONVOLUTION_H
#define SG_OPS_CONVOLUTION_CONVOLUTION_H

#include "ops/convolution/options.h"

/* gain * (x correlated with w): [N, (H + pads - KH) / stride + 1, ..., O]. */
sg_tensor *sg_convolution(sg_tensor *x, sg_tensor *w, sg_convolution_options options);

/*
 * The adjoint: from y of a convolution's output shape to its input shape height x width. As torch's
 * conv_transpose2d, w being the weights of the convolution that this is the adjoint of: y has
 * w's O channels, the result w's I (times groups). A layer that convolves with stride by this op
 * holds its weights swapped.
 */
sg_tensor *sg_convolution_transpose(sg_tensor *y, sg_tensor *w, int64_t height, int64_t width,
                                    sg_convolution_options options);

/* The weights' gradient: gain * sum of x times y, as [O, I / groups, height, width]. */
sg_tensor *sg_convolution_weights(sg_tensor *x, sg_tensor *y, int64_t height, int64_t width,
                                  sg_convolution_options options);

#endif
