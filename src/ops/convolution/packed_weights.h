/* Copies of weights in the layouts of the kernels, kept with the parameter. */
#ifndef SG_OPS_CONVOLUTION_PACKED_WEIGHTS_H
#define SG_OPS_CONVOLUTION_PACKED_WEIGHTS_H

#include "tensor/tensor.h"

/* Fills `packed` from gain times plain weights as `job`, a kernel's shape or plan, says. */
typedef sg_status (*sg_pack_function)(const void *job, double gain, const float *weights,
                                      void *packed);

/*
 * Returns the copy of w under `key`, made by `pack` if there is none yet: kept with a parameter, or
 * in *temporary (from the pool; the caller releases it) for other tensors. NULL on
 * failure (error in the context).
 */
const void *sg_packed_weights(const sg_tensor *w, uint64_t key, size_t bytes, sg_pack_function pack,
                              const void *job, double gain, void **temporary);

#endif
