/*
 * What a modulated convolution does besides convolving (Karras et al. 2020, section 2.2), for
 * kernels that scale their input and finish their output while it is in cache:
 *
 *     y = clamp(act(convolution(x * styles) * scale + noise + bias))
 */
#ifndef SG_KERNELS_PRODUCT_FUSED_PASS_H
#define SG_KERNELS_PRODUCT_FUSED_PASS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/product/colours.h"

/* Operands of a pass; each pointer may be NULL. */
typedef struct sg_fused_pass {
    const float *styles;       /* [batch, in_channels]; NULL: ones */
    const float *scale;        /* [batch, out_channels], the demodulation factors; NULL: ones */
    const float *noise;        /* [1 or batch, out_height, out_width]; NULL: zeros */
    bool noise_per_sample;     /* otherwise all samples share one map */
    const float *bias;         /* [out_channels]; NULL: zeros */
    float positive, negative;  /* slopes of the activation right and left of zero, gain included */
    float limit;               /* of the result's magnitude; INFINITY for no limit */
    const sg_colours *colours; /* makes the colours of the result, which is not stored */
} sg_fused_pass;

/* Returns the pass that changes nothing. */
static inline sg_fused_pass sg_fused_pass_none(void)
{
    return (sg_fused_pass){.positive = 1, .negative = 1, .limit = INFINITY};
}

/* Returns the noise map of a sample, or NULL. */
static inline const float *sg_fused_pass_noise(const sg_fused_pass *pass, int64_t sample,
                                               int64_t pixels)
{
    if (!pass->noise)
        return NULL;
    return pass->noise + (pass->noise_per_sample ? sample * pixels : 0);
}

#endif
