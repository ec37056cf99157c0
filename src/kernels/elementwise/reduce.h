/*
 * Sums over one run of dimensions, [outer, reduced, inner] to [outer, inner], of x or of x times a
 * second array of the same shape. The reduced axis is cut into fixed chunks, which are summed in
 * float and added in double in a fixed order: results do not depend on the number of threads.
 */
#ifndef SG_KERNELS_ELEMENTWISE_REDUCE_H
#define SG_KERNELS_ELEMENTWISE_REDUCE_H

#include <stddef.h>
#include <stdint.h>

/* Returns the bytes of scratch that a sum needs. */
size_t sg_sum_scratch_bytes(int64_t outer, int64_t reduced, int64_t inner);

/* y = the sums of x * factor; `factor` may be NULL for ones. y must not overlap the inputs. */
void sg_sum_f32(int64_t outer, int64_t reduced, int64_t inner, const float *x, const float *factor,
                float *y, void *scratch);
void sg_sum_f64(int64_t outer, int64_t reduced, int64_t inner, const double *x,
                const double *factor, double *y, void *scratch);

#endif
