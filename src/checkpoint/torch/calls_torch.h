/* Torch's tensors and nested files as pickles build them; calls, as in pickle_calls.h. */
#ifndef SG_CHECKPOINT_TORCH_CALLS_TORCH_H
#define SG_CHECKPOINT_TORCH_CALLS_TORCH_H

#include "checkpoint/pickle/pickle_machine.h"

/* _rebuild_tensor(_v2)(storage, offset, size, stride, ...): an array over the storage. */
sg_status sg_torch_rebuild_tensor(sg_pickle *pickle, const char *class_name,
                                  sg_value *const *arguments, size_t count, sg_value **result);

/* _rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, ...) */
sg_status sg_torch_rebuild_typed_tensor(sg_pickle *pickle, const char *class_name,
                                        sg_value *const *arguments, size_t count,
                                        sg_value **result);

/* _rebuild_parameter(data, ...): the data. */
sg_status sg_torch_rebuild_parameter(sg_pickle *pickle, const char *class_name,
                                     sg_value *const *arguments, size_t count, sg_value **result);

/* _load_from_bytes(bytes): what the torch file in the bytes holds. */
sg_status sg_torch_load_from_bytes(sg_pickle *pickle, const char *class_name,
                                   sg_value *const *arguments, size_t count, sg_value **result);

#endif
