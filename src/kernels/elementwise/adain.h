/*
 * The end of a StyleGAN layer (Karras et al. 2018, section 2) off the tape, in two passes over
 * memory:
 *
 *     u = act(x + noise * strength + bias)
 *     y = (u - mean) / sqrt(variance + epsilon) * (scale + 1) + shift
 *
 * with mean and variance of u over the pixels of each sample and channel. Blocks of pixels have
 * theirs taken while they are in cache, twice so that a large mean costs the variance nothing;
 * those are then joined in double, in an order that does not depend on threads.
 */
#ifndef SG_KERNELS_ELEMENTWISE_ADAIN_H
#define SG_KERNELS_ELEMENTWISE_ADAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sg_adain_shape {
    int64_t samples, pixels, channels;
    bool noise_per_sample; /* noise is [samples, pixels], else [pixels] shared by all samples */
    double slope;          /* of the activation left of zero; right of it, 1 */
    double epsilon;
} sg_adain_shape;

/* Operands: noise may be NULL, and strength with it. */
typedef struct sg_adain_operands {
    const float *noise;
    const float *strength; /* [channels] */
    const float *bias;     /* [channels] */
    const float *styles;   /* [samples, 2 channels]: scales, then shifts */
} sg_adain_operands;

/* Bytes that sg_adain needs at `scratch`. */
size_t sg_adain_scratch_bytes(const sg_adain_shape *shape);

/* y over x [samples, pixels, channels]. */
void sg_adain(const sg_adain_shape *shape, const sg_adain_operands *operands, float *x,
              void *scratch);

#endif
