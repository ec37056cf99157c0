/* Tensors of safetensors files as tests' reference values. */
#ifndef SUPPORT_STORED_VALUES_H
#define SUPPORT_STORED_VALUES_H

#include "checkpoint/safetensors/safetensors.h"
#include "tensor/tensor.h"

/* Opens a file under tests/golden; ends the test on failure. */
sg_safetensors *open_golden_values(const char *name);

/* The tensor of that name with its values converted, in the innermost scope; ends the test when
 * there is none. */
sg_tensor *stored_tensor(sg_context *context, sg_dtype dtype, sg_safetensors *file,
                         const char *name);

/* The same for a picture [N, C, H, W], as [N, H, W, C]. */
sg_tensor *stored_picture(sg_context *context, sg_dtype dtype, sg_safetensors *file,
                          const char *name);

#endif
