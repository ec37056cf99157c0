/*
 * Adaptive instance normalisation (Huang and Belongie 2017; Karras et al. 2018, equation 1): by
 * plain ops, which are differentiable, and the end of a layer with it by one kernel.
 */
#ifndef SG_OPS_ADAIN_H
#define SG_OPS_ADAIN_H

#include "kernels/elementwise/activation.h"
#include "tensor/tape.h"

/* x [N, H, W, C] * (scale + 1) + shift, channel by channel, of styles [N, 2 C], the scales first:
 * what comes after sg_normalize_instance. */
sg_tensor *sg_apply_style(sg_tensor *x, sg_tensor *styles);

/* What a layer does to its convolution's result. */
typedef struct sg_adain_inputs {
    sg_tensor *noise;         /* [1 or N, H, W, 1], or NULL */
    sg_tensor *strength;      /* [C], or NULL */
    sg_tensor *bias;          /* [C] */
    sg_tensor *styles;        /* [N, 2 C] */
    sg_activation activation; /* with a gain of 1 */
    double epsilon;
} sg_adain_inputs;

/* Whether there is a kernel for it: the tape is off, in floats, the activation in two straight
 * lines. */
bool sg_adain_fuses(const sg_tensor *x, sg_activation activation);

/* style(normalised act(x + noise * strength + bias)), written over x, which nobody else reads,
 * where sg_adain_fuses. */
sg_tensor *sg_adain_in_place(sg_tensor *x, const sg_adain_inputs *inputs);

#endif
