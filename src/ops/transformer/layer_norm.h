/* Layer normalisation (Ba, Kiros and Hinton 2016). */
#ifndef SG_OPS_TRANSFORMER_LAYER_NORM_H
#define SG_OPS_TRANSFORMER_LAYER_NORM_H

#include "tensor/tape.h"

/*
 * Returns (x - mean) / sqrt(variance + epsilon) * weight + bias, mean and variance (1/n) over the
 * last axis of x, of C values; weight and bias are [C].
 */
sg_tensor *sg_layer_norm(sg_tensor *x, sg_tensor *weight, sg_tensor *bias, double epsilon);

#endif
