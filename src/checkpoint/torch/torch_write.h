/*
 * Writing files that torch.load reads: a zip archive of a pickle and, apart from it, the numbers of
 * the tensors.
 */
#ifndef SG_CHECKPOINT_TORCH_TORCH_WRITE_H
#define SG_CHECKPOINT_TORCH_TORCH_WRITE_H

#include "checkpoint/values/tensor_entry.h"

/*
 * Writes {"g_ema": OrderedDict(name: tensor, ...), ..., name: tensor, ...} atomically, tensors in
 * the order given; those of a dict must follow each other. Equal tensors give equal bytes. An
 * sg_tensor_writer.
 */
sg_status sg_torch_write(const char *path, const sg_tensor_entry *tensors, size_t count,
                         sg_error *error);

#endif
