/* From tensors to the kernels' plans; shared by the ops that convolve. */
#ifndef SG_OPS_CONVOLUTION_PLAN_H
#define SG_OPS_CONVOLUTION_PLAN_H

#include "kernels/convolution/convolution.h"
#include "ops/convolution/options.h"

/* Returns the channels that weights of this shape read and write. */
int64_t sg_convolution_in_channels(const sg_shape *w, const sg_convolution_options *options);
int64_t sg_convolution_out_channels(const sg_shape *w, const sg_convolution_options *options);

/* Makes the kernel's shape from the shapes of x, w and y; false when they do not fit each other. */
bool sg_convolution_kernel_shape(const sg_shape *x, const sg_shape *w, const sg_shape *y,
                                 const sg_convolution_options *options,
                                 sg_convolution_shape *shape);

/* Returns the plan in the engine of the context; NULL on failure (error in the
 * context). */
sg_convolution_plan *sg_convolution_find_plan(sg_context *context,
                                              const sg_convolution_shape *shape,
                                              sg_convolution_direction direction);

/*
 * Runs forward or backward data in f32 by the plan, with w packed and kept; `pass` as in
 * sg_convolution_run. `to` may be NULL when the pass makes colours only. False on failure
 * (error in the context).
 */
bool sg_convolution_run_plan(const sg_convolution_shape *shape, sg_convolution_direction direction,
                             double gain, const sg_tensor *from, const sg_tensor *w, sg_tensor *to,
                             const sg_fused_pass *pass);

#endif
