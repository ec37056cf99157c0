/*
 * Bilinear sampling of channels-last images at the points of an affine grid, with zeros outside:
 *
 *     y[j, i] = x at column m[0] i + m[1] j + m[2] and row m[3] i + m[4] j + m[5]
 *
 * in index units: 0, 0 is the centre of the first pixel.
 */
#ifndef SG_KERNELS_RESAMPLE_GRID_SAMPLE_H
#define SG_KERNELS_RESAMPLE_GRID_SAMPLE_H

#include <stdint.h>

/* Sizes; x is the image, y what is sampled. */
typedef struct sg_grid_shape {
    int64_t samples, channels;
    int64_t in_height, in_width;
    int64_t out_height, out_width;
} sg_grid_shape;

/* Compute y from x; `maps` has six numbers for each sample. */
void sg_grid_sample_f32(const sg_grid_shape *shape, const double *maps, const float *x, float *y);
void sg_grid_sample_f64(const sg_grid_shape *shape, const double *maps, const double *x, double *y);

/* Compute the adjoint, x from y: each point of y is added to the pixels that it was read from. */
void sg_grid_scatter_f32(const sg_grid_shape *shape, const double *maps, const float *y, float *x);
void sg_grid_scatter_f64(const sg_grid_shape *shape, const double *maps, const double *y,
                         double *x);

#endif
