/*
 * Linear layers with packed weights, y = x w^T + bias: products of the formats of
 * kernels/product/product.h. A number of the split format has 16 bits of mantissa.
 */
#ifndef SG_KERNELS_TRANSFORMER_DENSE_H
#define SG_KERNELS_TRANSFORMER_DENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* x [rows, depth], y [rows, columns]. */
typedef struct sg_dense_shape {
    int64_t rows, depth, columns;
    bool split; /* the packed weights are of the split format */
} sg_dense_shape;

/* Returns the shape, in the fastest format of this processor, or in floats if `exact`. */
sg_dense_shape sg_dense_shape_of(int64_t rows, int64_t depth, int64_t columns, bool exact);

/* Return the bytes of packed weights, and of scratch for a run, which is aligned to 64 bytes. */
size_t sg_dense_packed_bytes(const sg_dense_shape *shape);
size_t sg_dense_scratch_bytes(const sg_dense_shape *shape);

/* Packs weights [columns, depth]; with `turned`, [depth, columns]. False on lack of memory. */
bool sg_dense_pack(const sg_dense_shape *shape, bool turned, const float *weights, float *packed);

/* Computes y; `bias` [columns] may be NULL. */
void sg_dense_run(const sg_dense_shape *shape, const float *packed, const float *bias,
                  const float *x, float *y, void *scratch);

#endif
