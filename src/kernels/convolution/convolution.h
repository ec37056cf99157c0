/*
 * Convolutions (correlations, in the terms of signal processing) of channels-last images with OIHW
 * weights, and their two adjoints. The three are closed under differentiation: each is the gradient
 * of another with respect to one of its operands.
 *
 *     forward           y[n,o] = gain * sum x[n, i] * w[o, i]
 *     backward data     x      = gain * the adjoint applied to y   (a transposed convolution)
 *     backward weights  w      = gain * sum over samples and pixels of x * y
 *
 * With groups, the weights are [groups * out_per_group, in_per_group, KH, KW]. Swapped weights (one
 * group only) are IOHW, [in_channels, out_channels, KH, KW], as a layer stores them whose forward
 * pass is the adjoint.
 */
#ifndef SG_KERNELS_CONVOLUTION_CONVOLUTION_H
#define SG_KERNELS_CONVOLUTION_CONVOLUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/convolution/shape.h"
#include "kernels/product/fused_pass.h"
#include "stylegan.h"

/* The plans made so far; opaque. */
typedef struct sg_convolution_engine sg_convolution_engine;

/* Creates an engine; `exact` uses direct convolution only, without Winograd's rounding. *engine is
 * NULL on failure: SG_ERROR_MEMORY, or SG_ERROR_LIBRARY where oneDNN cannot start. */
sg_status sg_convolution_engine_create(bool exact, sg_convolution_engine **engine);
void sg_convolution_engine_destroy(sg_convolution_engine *engine);

/* A convolution prepared for one shape and direction; owned by the engine. */
typedef struct sg_convolution_plan sg_convolution_plan;

/* Finds the plan, made on first use; *plan is NULL on failure: SG_ERROR_MEMORY, or SG_ERROR_LIBRARY
 * where oneDNN refuses the shape. */
sg_status sg_convolution_plan_get(sg_convolution_engine *engine, const sg_convolution_shape *shape,
                                  sg_convolution_direction direction, sg_convolution_plan **plan);

/* Returns a key of the packed layout and the gain: copies under one key are equal. */
uint64_t sg_convolution_pack_key(const sg_convolution_plan *plan, double gain);

/* Return the bytes of the packed weights, and of the scratch that a run needs. */
size_t sg_convolution_packed_bytes(const sg_convolution_plan *plan);
size_t sg_convolution_scratch_bytes(const sg_convolution_plan *plan);

/* packed = gain * weights in the plan's layout. Fails as a run does. */
sg_status sg_convolution_pack(const sg_convolution_plan *plan, double gain, const float *weights,
                              void *packed);

/* True if the plan's kernel takes a fused pass. */
bool sg_convolution_fuses(const sg_convolution_plan *plan);

/*
 * Computes y from x (forward) or x from y (backward data). `pass` is for plans that fuse; NULL
 * changes nothing. Fails with SG_ERROR_MEMORY or SG_ERROR_LIBRARY.
 */
sg_status sg_convolution_run(sg_convolution_plan *plan, const void *packed, const float *source,
                             float *result, void *scratch, const sg_fused_pass *pass);

/* Computes the gradient of the weights, in their plain layout. Fails as the above. */
sg_status sg_convolution_run_weights(sg_convolution_plan *plan, double gain, const float *x,
                                     const float *y, float *weights, void *scratch);

#endif
