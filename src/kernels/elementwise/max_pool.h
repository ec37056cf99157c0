/*
 * Maxima of 2x2 pixels without overlap, channels-last; an odd last row or column is left out. The
 * first of equal maxima, by rows, counts.
 */
#ifndef SG_KERNELS_ELEMENTWISE_MAX_POOL_H
#define SG_KERNELS_ELEMENTWISE_MAX_POOL_H

#include <stdint.h>

/* The shape of the pictures to be pooled. */
typedef struct sg_max_pool_shape {
    int64_t samples, height, width, channels;
} sg_max_pool_shape;

/* y [N, height / 2, width / 2, C] = the elements of `values` where `x` has its maxima; both are of
 * the shape. */
void sg_max_pool_f32(const sg_max_pool_shape *shape, const float *values, const float *x, float *y);
void sg_max_pool_f64(const sg_max_pool_shape *shape, const double *values, const double *x,
                     double *y);

/* The adjoint: to = the elements of `from` [N, height / 2, width / 2, C] at the places of the
 * maxima of `x`, zeros elsewhere. */
void sg_max_pool_scatter_f32(const sg_max_pool_shape *shape, const float *from, const float *x,
                             float *to);
void sg_max_pool_scatter_f64(const sg_max_pool_shape *shape, const double *from, const double *x,
                             double *to);

#endif
