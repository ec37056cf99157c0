/*
 * Convolutions (correlations, as deep learning has them) of channels-last images with OIHW weights,
 * and their two adjoints. The three are closed under differentiation: each is the gradient of
 * another with respect to one of its operands.
 *
 *     forward           y[n,o] = gain * sum x[n, i] * w[o, i]
 *     backward data     x      = gain * the adjoint applied to y   (a transposed convolution)
 *     backward weights  w      = gain * sum over samples and pixels of x * y
 *
 * With groups, the weights are [groups * out_per_group, in_per_group, KH, KW]. Swapped weights (one
 * group only) are IOHW, [in_channels, out_channels, KH, KW], as a layer that uses the adjoint as
 * its forward holds them.
 */
#ifndef SG_KERNELS_CONVOLUTION_CONVOLUTION_H
#define SG_KERNELS_CONVOLUTION_CONVOLUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/convolution/shape.h"
#include "kernels/product/fused_pass.h"

/* oneDNN's engine and the plans made so far; opaque. */
typedef struct sg_convolution_engine sg_convolution_engine;

/* `exact` keeps to direct convolution, without Winograd's rounding. NULL when oneDNN cannot start.
 */
sg_convolution_engine *sg_convolution_engine_create(bool exact);
void sg_convolution_engine_destroy(sg_convolution_engine *engine);

/* A convolution made ready for one shape and direction; owned by the engine. */
typedef struct sg_convolution_plan sg_convolution_plan;

/* Finds or makes the plan; NULL when oneDNN refuses the shape. */
sg_convolution_plan *sg_convolution_plan_get(sg_convolution_engine *engine,
                                             const sg_convolution_shape *shape,
                                             sg_convolution_direction direction);

/* Names the weights' layout (and gain, which is packed in): copies under the same key are equal. */
uint64_t sg_convolution_pack_key(const sg_convolution_plan *plan, double gain);

/* Bytes of the packed weights, and of the scratch that a run needs. */
size_t sg_convolution_packed_bytes(const sg_convolution_plan *plan);
size_t sg_convolution_scratch_bytes(const sg_convolution_plan *plan);

/* packed = gain * weights in the plan's layout. 0, or oneDNN's status. */
int sg_convolution_pack(sg_convolution_plan *plan, double gain, const float *weights, void *packed);

/* Whether the plan's kernel can do the rest of a modulated convolution along with its own work. */
bool sg_convolution_fuses(const sg_convolution_plan *plan);

/*
 * Forward: x to y. Backward data: y to x. `pass` is what a plan that fuses does besides; NULL for
 * nothing. 0, or oneDNN's status.
 */
int sg_convolution_run(sg_convolution_plan *plan, const void *packed, const float *source,
                       float *result, void *scratch, const sg_fused_pass *pass);

/* Backward weights: the plain weights from x and y. 0, or oneDNN's status. */
int sg_convolution_run_weights(sg_convolution_plan *plan, double gain, const float *x,
                               const float *y, float *weights, void *scratch);

/* Multiply-adds of the convolution, whichever the direction. */
int64_t sg_convolution_multiply_adds(const sg_convolution_shape *shape);

#endif
