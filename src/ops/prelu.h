/* The rectifier whose slope left of zero is learned for each channel (He et al. 2015). */
#ifndef SG_OPS_PRELU_H
#define SG_OPS_PRELU_H

#include "tensor/tape.h"

/* Returns x where it is positive, otherwise x * slope; slope [C] is per channel of x [..., C]. */
sg_tensor *sg_prelu(sg_tensor *x, sg_tensor *slope);

/* Returns the gradient where x is positive, otherwise gradient * slope. */
sg_tensor *sg_prelu_gradient(sg_tensor *gradient, sg_tensor *x, sg_tensor *slope);

#endif
