/* Gaussian error linear units. */
#ifndef SG_OPS_TRANSFORMER_GELU_H
#define SG_OPS_TRANSFORMER_GELU_H

#include "kernels/transformer/gelu.h"
#include "tensor/tape.h"

/* Returns the derivative of `order` of the unit at x; order 0 is the unit itself. */
sg_tensor *sg_gelu(sg_tensor *x, sg_gelu_kind kind, int order);

#endif
