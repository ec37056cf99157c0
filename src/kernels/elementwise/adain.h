/*
 * The end of a StyleGAN layer (Karras et al. 2018, section 2) off the tape, in two passes over
 * memory:
 *
 *     u = act(x + noise * strength + bias)
 *     y = (u - mean) / sqrt(variance + epsilon) * (scale + 1) + shift
 *
 * with mean and variance of u over the pixels of each sample and channel. The moments of a block of
 * pixels are taken while it is in cache, in two passes, so that a large mean does not spoil the
 * variance; blocks are joined in double, in an order that does not depend on threads.
 */
#ifndef SG_KERNELS_ELEMENTWISE_ADAIN_H
#define SG_KERNELS_ELEMENTWISE_ADAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes and constants. */
typedef struct sg_adain_shape {
    int64_t samples, pixels, channels;
    bool noise_per_sample; /* noise is [samples, pixels]; otherwise [pixels], for all samples */
    double slope;          /* of the activation left of zero; 1 right of zero */
    double epsilon;
} sg_adain_shape;

/* Operands. noise may be NULL, and then strength is ignored. */
typedef struct sg_adain_operands {
    const float *noise;
    const float *strength; /* [channels] */
    const float *bias;     /* [channels] */
    const float *styles;   /* [samples, 2 channels]: scales, then shifts */
} sg_adain_operands;

/* Returns the bytes that sg_adain needs at `scratch`. */
size_t sg_adain_scratch_bytes(const sg_adain_shape *shape);

/* Computes y over x [samples, pixels, channels]. */
void sg_adain(const sg_adain_shape *shape, const sg_adain_operands *operands, float *x,
              void *scratch);

#endif
