/*
 * Modulated convolutions off the tape, by kernels that scale their input, and finish their output,
 * while it is in cache. The ops of the taped path give the same numbers to rounding.
 */
#ifndef SG_OPS_CONVOLUTION_FUSED_H
#define SG_OPS_CONVOLUTION_FUSED_H

#include "ops/convolution/options.h"

/*
 * The same as sg_modulated_convolution. NULL without an error where no kernel does all at once: the
 * tape is on, the context wants exact or reference kernels, or the shape does not suit them.
 */
sg_tensor *sg_fused_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles, sg_tensor *filter,
                                sg_tensor *noise, sg_tensor *bias,
                                const sg_modulated_options *options);

/* A 1x1 modulated convolution to colours, of the result of another one. */
typedef struct sg_colour_operands {
    sg_tensor *w;      /* [colours, C, 1, 1] */
    sg_tensor *styles; /* [N, C] */
    sg_tensor *bias;   /* [colours] */
    double clamp;      /* none when negative */
} sg_colour_operands;

/*
 * The colours [N, H, W, colours] of the features that sg_fused_convolution would give, which are
 * not kept. NULL without an error as above.
 */
sg_tensor *sg_fused_convolution_to_colours(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                           sg_tensor *noise, sg_tensor *bias,
                                           const sg_modulated_options *options,
                                           const sg_colour_operands *colours);

#endif
