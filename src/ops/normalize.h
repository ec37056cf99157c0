/* Normalisations, composed from plain ops. */
#ifndef SG_OPS_NORMALIZE_H
#define SG_OPS_NORMALIZE_H

#include "tensor/tape.h"

/*
 * Returns x / sqrt(mean of x^2 over the last axis + epsilon): StyleGAN2's normalize_2nd_moment,
 * and ProGAN's pixelwise feature normalisation (Karras et al. 2017, section 4.2) of [N, H, W, C].
 */
sg_tensor *sg_normalize_second_moment(sg_tensor *x, double epsilon);

/*
 * Returns (x - mean) / sqrt(variance + epsilon), with the moments over what sg_sum sums to get to
 * `shape`. For [N, H, W, C], [1, 1, 1, C] is batch normalisation (Ioffe and Szegedy 2015) and
 * [N, 1, 1, 1] layer normalisation (Ba et al. 2016).
 */
sg_tensor *sg_normalize_over(sg_tensor *x, sg_shape shape, double epsilon);

/*
 * Normalises over height and width of each sample and channel of [N, H, W, C]: instance
 * normalisation (Ulyanov et al. 2016), the first half of AdaIN.
 */
sg_tensor *sg_normalize_instance(sg_tensor *x, double epsilon);

#endif
