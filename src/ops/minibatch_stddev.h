/* Minibatch standard deviation (Karras et al. 2017, section 3; groups as in StyleGAN2). */
#ifndef SG_OPS_MINIBATCH_STDDEV_H
#define SG_OPS_MINIBATCH_STDDEV_H

#include "tensor/tape.h"

/*
 * Appends `channels` maps to x [N, H, W, C] that hold the standard deviation over a group of
 * samples, averaged over pixels and a C / channels share of the channels. Groups have `group_size`
 * samples (at most N; 0: the whole batch) and stride N / group_size: sample i is in group
 * i mod (N / group_size). N must be divisible by the group size, C by `channels`.
 */
sg_tensor *sg_minibatch_stddev(sg_tensor *x, int64_t group_size, int64_t channels);

#endif
