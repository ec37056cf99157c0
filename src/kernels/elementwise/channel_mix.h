/*
 * Affine maps of the first channels of each pixel, one map for each sample; further channels are
 * copied:
 *
 *     y[i] = sum over j of m[i][j] x[j] + m[i][mixed],   i, j < mixed
 */
#ifndef SG_KERNELS_ELEMENTWISE_CHANNEL_MIX_H
#define SG_KERNELS_ELEMENTWISE_CHANNEL_MIX_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_MOST_MIXED = 4 };

/* Sizes and maps. */
typedef struct sg_channel_mix_shape {
    int64_t samples, pixels, channels;
    int64_t mixed;      /* channels that are mixed, at most SG_MOST_MIXED */
    const double *maps; /* [samples, mixed, mixed + 1] */
    bool transposed;    /* m[j][i] in place of m[i][j] */
    bool shifted;       /* adds the last column */
} sg_channel_mix_shape;

/* Compute y from x [samples, pixels, channels]. */
void sg_channel_mix_f32(const sg_channel_mix_shape *shape, const float *x, float *y);
void sg_channel_mix_f64(const sg_channel_mix_shape *shape, const double *x, double *y);

#endif
