/*
 * Laplacian pyramids (Burt and Adelson 1983, "The Laplacian pyramid as a compact image code"): what
 * a picture shows at each of several sizes, as ProGAN's sliced Wasserstein distance takes it.
 */
#ifndef SG_METRICS_FORMULAS_LAPLACIAN_H
#define SG_METRICS_FORMULAS_LAPLACIAN_H

#include <stddef.h>

#include "base/error.h"

enum {
    SG_LAPLACIAN_LEAST = 16, /* pixels: the smallest side of the last level */
    SG_LAPLACIAN_MOST_LEVELS = 20
};

/* The sizes of the levels, the picture's own first. */
typedef struct sg_laplacian_shape {
    size_t levels;
    size_t height[SG_LAPLACIAN_MOST_LEVELS], width[SG_LAPLACIAN_MOST_LEVELS];
} sg_laplacian_shape;

/*
 * Finds the levels of a picture: each half as large as the one before, while sides are even and
 * halves are at least SG_LAPLACIAN_LEAST. Fails with SG_ERROR_ARGUMENT for smaller pictures.
 */
sg_status sg_laplacian_find(size_t height, size_t width, sg_laplacian_shape *shape,
                            sg_error *error);

/* Returns the sum of the levels' pixels. */
size_t sg_laplacian_pixels(const sg_laplacian_shape *shape);

/*
 * Computes the pyramid of a plane [height, width] into `pyramid`, level after level. `scratch` has
 * room for four planes.
 */
void sg_laplacian_compute(const sg_laplacian_shape *shape, const float *plane, double *scratch,
                          float *pyramid);

#endif
