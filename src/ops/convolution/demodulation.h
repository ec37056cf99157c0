/* Demodulation of StyleGAN2 (Karras et al. 2020, equation 3). */
#ifndef SG_OPS_CONVOLUTION_DEMODULATION_H
#define SG_OPS_CONVOLUTION_DEMODULATION_H

#include "tensor/tape.h"

/*
 * Returns 1 / sqrt(sum over i, k of (w * styles)^2 + epsilon) as [N, O], from w [O, I, K, K] and
 * styles [N, I]. epsilon is 1e-8; with `normalized`, 1e-8 times the mean squares of each w[o] and
 * of the styles, as StyleGAN3 scales both first (Karras et al. 2021, appendix D.2).
 */
sg_tensor *sg_demodulation(sg_tensor *w, sg_tensor *styles, bool normalized);

#endif
