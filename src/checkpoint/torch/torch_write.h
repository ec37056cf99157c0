/*
 * Writes files that torch.load reads: a zip archive of a pickle and, apart from it, the numbers of
 * the tensors.
 */
#ifndef SG_CHECKPOINT_TORCH_TORCH_WRITE_H
#define SG_CHECKPOINT_TORCH_TORCH_WRITE_H

#include <stdint.h>

#include "base/error.h"

enum { SG_TORCH_MOST_RANK = 8 };

/* A tensor of floats; everything is borrowed. */
typedef struct sg_torch_tensor {
    const char *dict; /* the state dict that it is in, NULL for the outermost dict */
    const char *name;
    int rank;
    int64_t size[SG_TORCH_MOST_RANK];
    const float *values; /* row-major */
    float scale;         /* what the values are multiplied by */
} sg_torch_tensor;

/*
 * Writes {"g_ema": OrderedDict(name: tensor, ...), ..., name: tensor, ...} atomically, tensors in
 * the order given; those of a dict must follow each other. Equal tensors give equal bytes.
 */
sg_status sg_torch_write(const char *path, const sg_torch_tensor *tensors, size_t count,
                         sg_error *error);

#endif
