/* Tensors to be written into a foreign file of any container. */
#ifndef SG_CHECKPOINT_VALUES_TENSOR_ENTRY_H
#define SG_CHECKPOINT_VALUES_TENSOR_ENTRY_H

#include <stdint.h>

#include "base/error.h"
#include "checkpoint/values/stored_type.h"

/* A tensor of floats; everything is borrowed. */
typedef struct sg_tensor_entry {
    const char *dict; /* the state dict that contains it; NULL for the outermost dict */
    const char *name;
    int rank;
    int64_t size[SG_STORED_MAX_RANK];
    const float *values; /* row-major */
    float scale;         /* factor of the values */
} sg_tensor_entry;

/* Writes a file of these tensors. */
typedef sg_status (*sg_tensor_writer)(const char *path, const sg_tensor_entry *tensors,
                                      size_t count, sg_error *error);

#endif
