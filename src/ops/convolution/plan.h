/* From tensors to the kernels' plans of convolutions; shared by the ops that convolve. */
#ifndef SG_OPS_CONVOLUTION_PLAN_H
#define SG_OPS_CONVOLUTION_PLAN_H

#include "kernels/convolution/convolution.h"
#include "ops/convolution/options.h"

/* The channels that weights of this shape join. */
int64_t sg_convolution_in_channels(const sg_shape *w, const sg_convolution_options *options);
int64_t sg_convolution_out_channels(const sg_shape *w, const sg_convolution_options *options);

/* The kernel's shape from the three arrays' shapes; false when they do not fit each other. */
bool sg_convolution_kernel_shape(const sg_shape *x, const sg_shape *w, const sg_shape *y,
                                 const sg_convolution_options *options,
                                 sg_convolution_shape *shape);

/* The plan in the context's engine, which is made on first use; NULL when there can be none. */
sg_convolution_plan *sg_convolution_find_plan(sg_context *context,
                                              const sg_convolution_shape *shape,
                                              sg_convolution_direction direction);

/*
 * Forward or backward data in f32 through the plan, with w packed and kept; `pass` as in
 * sg_convolution_run; `to` may be NULL when it makes colours only. False when something underneath
 * failed.
 */
bool sg_convolution_run_plan(const sg_convolution_shape *shape, sg_convolution_direction direction,
                             double gain, const sg_tensor *from, const sg_tensor *w, sg_tensor *to,
                             const sg_fused_pass *pass);

#endif
