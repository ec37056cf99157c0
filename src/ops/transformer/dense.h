/* Linear layers of transformers. */
#ifndef SG_OPS_TRANSFORMER_DENSE_H
#define SG_OPS_TRANSFORMER_DENSE_H

#include "tensor/tape.h"

/* Returns x w^T + bias over the last axis of x [..., in]: w [out, in], bias [out] or NULL. */
sg_tensor *sg_dense(sg_tensor *x, sg_tensor *w, sg_tensor *bias);

#endif
