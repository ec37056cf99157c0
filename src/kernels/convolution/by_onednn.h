/*
 * Direct convolutions by oneDNN, with the weights in the layout that its kernel prefers. Builds
 * without oneDNN have by_onednn_absent.c in place of by_onednn.c.
 */
#ifndef SG_KERNELS_CONVOLUTION_BY_ONEDNN_H
#define SG_KERNELS_CONVOLUTION_BY_ONEDNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/convolution/shape.h"
#include "stylegan.h"

/* oneDNN's engine and its stream; opaque. */
typedef struct sg_onednn_engine sg_onednn_engine;

/* A convolution of one shape and direction; opaque. */
typedef struct sg_onednn_convolution sg_onednn_convolution;

/* False in builds without oneDNN, where the functions below fail with SG_ERROR_LIBRARY. */
bool sg_onednn_is_built_in(void);

/* False where a matrix product over gathered pixels (gemm.h) gives the weights' gradient sooner:
 * without AVX-512, oneDNN's kernel for channels-last images has a third of its forward rate
 * (docs/performance.md). */
bool sg_onednn_is_quick_at_weights(void);

/* Creates an engine; *engine is NULL on failure. */
sg_status sg_onednn_engine_create(sg_onednn_engine **engine);
void sg_onednn_engine_destroy(sg_onednn_engine *engine);

/* Prepares a convolution in an engine, which must outlive it; *convolution is NULL on failure.
 * Images are channels-last, or with `free_layouts` as oneDNN likes them best. */
sg_status sg_onednn_convolution_create(sg_onednn_engine *engine, const sg_convolution_shape *shape,
                                       sg_convolution_direction direction, bool free_layouts,
                                       sg_onednn_convolution **convolution);
void sg_onednn_convolution_destroy(sg_onednn_convolution *convolution);

/* The bytes of the three arrays in their layouts, and of scratch for a run. */
typedef struct sg_onednn_sizes {
    size_t x, w, y, scratch;
} sg_onednn_sizes;

sg_onednn_sizes sg_onednn_convolution_sizes(const sg_onednn_convolution *convolution);

/* Returns a hash of the weights' layout. */
uint64_t sg_onednn_convolution_layout(const sg_onednn_convolution *convolution);

/* Bring weights from the plain layout of their shape to the convolution's; and back. */
sg_status sg_onednn_convolution_pack(const sg_onednn_convolution *convolution, const float *plain,
                                     float *packed);
sg_status sg_onednn_convolution_unpack(const sg_onednn_convolution *convolution,
                                       const float *packed, float *plain);

/* The operands of a run; the direction says which of the arrays is computed. */
typedef struct sg_onednn_operands {
    const void *x, *w, *y;
    void *scratch;
} sg_onednn_operands;

sg_status sg_onednn_convolution_run(sg_onednn_convolution *convolution,
                                    const sg_onednn_operands *operands);

#endif
