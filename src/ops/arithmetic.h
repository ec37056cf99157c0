/*
 * Arithmetic on tensors. Two operands broadcast as in NumPy: shapes are aligned at the right, and
 * sizes of 1 stretch. Every function returns NULL (error in the context) when it fails.
 */
#ifndef SG_OPS_ARITHMETIC_H
#define SG_OPS_ARITHMETIC_H

#include "tensor/tape.h"

/* Returns a + b, a - b, a * b. */
sg_tensor *sg_add(sg_tensor *a, sg_tensor *b);
sg_tensor *sg_subtract(sg_tensor *a, sg_tensor *b);
sg_tensor *sg_multiply(sg_tensor *a, sg_tensor *b);

/* Returns scale * x + shift. */
sg_tensor *sg_affine(sg_tensor *x, double scale, double shift);

/* Returns x^exponent, element by element. */
sg_tensor *sg_power(sg_tensor *x, double exponent);

/* Returns sin(x + quarters * pi / 2), element by element; one quarter gives the cosine. */
sg_tensor *sg_sine(sg_tensor *x, int quarters);

/* Returns x limited to [-limit, limit]; its gradient is 0 outside. */
sg_tensor *sg_clamp(sg_tensor *x, double limit);

/* Returns the gradient where |x| < limit, otherwise 0. */
sg_tensor *sg_clamp_gradient(sg_tensor *gradient, sg_tensor *x, double limit);

/* Returns sum + term, computed into `sum` when it is `owned`: off the tape, read by nobody else. */
sg_tensor *sg_accumulate(sg_tensor *sum, sg_tensor *term, bool owned);

#endif
