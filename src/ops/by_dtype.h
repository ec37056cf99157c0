/*
 * The one place where an op chooses a kernel by element type. Kernels exist once per type, from one
 * template, as STEM_f32 and STEM_f64; a further type is one more case here.
 */
#ifndef SG_OPS_BY_DTYPE_H
#define SG_OPS_BY_DTYPE_H

#include "tensor/tensor.h"

/*
 * Calls the kernel `stem` of a tensor's type, in a hollow context nothing:
 * SG_BY_DTYPE(x, sg_clamp, (count, limit, from, to)); arrays are handed over as sg_values() and
 * sg_values_at(), which suit every kernel.
 */
#define SG_BY_DTYPE(tensor, stem, arguments)                                                       \
    do {                                                                                           \
        if (sg_is_hollow((tensor)->context))                                                       \
            break;                                                                                 \
        switch ((tensor)->dtype) {                                                                 \
        case SG_F64:                                                                               \
            stem##_f64 arguments;                                                                  \
            break;                                                                                 \
        default:                                                                                   \
            stem##_f32 arguments;                                                                  \
        }                                                                                          \
    } while (0)

/* True if the kernels written for speed suit the tensor; others take the reference kernels. */
static inline bool sg_takes_fast_kernels(const sg_tensor *tensor)
{
    return tensor->dtype == SG_F32 && !tensor->context->reference_kernels;
}

/* A tensor's values, of whatever type; NULL for NULL. */
static inline void *sg_values(const sg_tensor *tensor)
{
    return tensor ? tensor->storage->data : NULL;
}

/* The values from element `index` in memory order on. */
static inline void *sg_values_at(const sg_tensor *tensor, int64_t index)
{
    char *values = sg_values(tensor);
    return values ? values + index * (int64_t)sg_dtype_bytes(tensor->dtype) : NULL;
}

#endif
