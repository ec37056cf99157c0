/* Matrix products. */
#ifndef SG_OPS_MATMUL_H
#define SG_OPS_MATMUL_H

#include "tensor/tape.h"

/* Returns alpha * op(a) op(b) for matrices; op transposes where its flag is set. */
sg_tensor *sg_matmul(sg_tensor *a, bool transpose_a, sg_tensor *b, bool transpose_b, double alpha);

#endif
