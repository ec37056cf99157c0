/*
 * Adaptive instance normalisation (Huang and Belongie 2017; Karras et al. 2018, equation 1): a
 * style by plain ops, which are differentiable, or the whole end of a layer by one kernel.
 */
#ifndef SG_OPS_ADAIN_H
#define SG_OPS_ADAIN_H

#include "kernels/elementwise/activation.h"
#include "tensor/tape.h"

/* Returns x [N, H, W, C] * (scale + 1) + shift, channel by channel; styles are [N, 2 C], the scales
 * first. Comes after sg_normalize_instance. */
sg_tensor *sg_apply_style(sg_tensor *x, sg_tensor *styles);

/* Operands of the end of a layer, after its convolution. */
typedef struct sg_adain_inputs {
    sg_tensor *noise;         /* [1 or N, H, W, 1], or NULL */
    sg_tensor *strength;      /* [C], or NULL */
    sg_tensor *bias;          /* [C] */
    sg_tensor *styles;        /* [N, 2 C] */
    sg_activation activation; /* with a gain of 1 */
    double epsilon;
} sg_adain_inputs;

/* True if a kernel computes the end of a layer: the tape is off, x is f32 and the activation is
 * piecewise linear. */
bool sg_adain_fuses(const sg_tensor *x, sg_activation activation);

/* Computes style(normalised act(x + noise * strength + bias)) over x, which nobody else may read.
 * Only where sg_adain_fuses. */
sg_tensor *sg_adain_in_place(sg_tensor *x, const sg_adain_inputs *inputs);

#endif
