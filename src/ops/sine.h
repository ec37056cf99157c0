/* The sine, whose derivatives are sines. */
#ifndef SG_OPS_SINE_H
#define SG_OPS_SINE_H

#include "tensor/tape.h"

/* Returns sin(x + quarters * pi / 2), element by element; one quarter gives the cosine. */
sg_tensor *sg_sine(sg_tensor *x, int quarters);

#endif
