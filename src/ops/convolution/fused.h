/*
 * Modulated convolutions off the tape, by kernels that scale their input and finish their output
 * while it is in cache. The ops on the tape give the same numbers up to rounding.
 */
#ifndef SG_OPS_CONVOLUTION_FUSED_H
#define SG_OPS_CONVOLUTION_FUSED_H

#include "ops/convolution/options.h"

/* What a hollow context notes of these passes: inputs x and w, and the features or colours. */
extern const char sg_fused_convolution_kind[];

/*
 * Computes sg_modulated_convolution in one pass. NULL without an error where no kernel does: the
 * tape is on, the context wants exact or reference kernels, or the shape does not suit.
 */
sg_tensor *sg_fused_convolution(sg_tensor *x, sg_tensor *w, sg_tensor *styles, sg_tensor *filter,
                                sg_tensor *noise, sg_tensor *bias,
                                const sg_modulated_options *options);

/* Operands of a 1x1 modulated convolution to colours. */
typedef struct sg_colour_operands {
    sg_tensor *w;      /* [colours, C, 1, 1] */
    sg_tensor *styles; /* [N, C] */
    sg_tensor *bias;   /* [colours] */
    double clamp;      /* no limit when negative */
} sg_colour_operands;

/*
 * Returns the colours [N, H, W, colours] of the features that sg_fused_convolution computes; the
 * features are not stored. NULL without an error where no kernel does.
 */
sg_tensor *sg_fused_convolution_to_colours(sg_tensor *x, sg_tensor *w, sg_tensor *styles,
                                           sg_tensor *noise, sg_tensor *bias,
                                           const sg_modulated_options *options,
                                           const sg_colour_operands *colours);

#endif
