/*
 * To colours: a 1x1 convolution to few channels, one dot product for each pixel and channel.
 *
 *     y[n, p, c] = clamp(sum over i of x[n, p, i] * weights[n, c, i] + bias[c])
 */
#ifndef SG_KERNELS_PRODUCT_COLOURS_H
#define SG_KERNELS_PRODUCT_COLOURS_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_MAX_COLOURS = 4 };

/* Operands for a batch. */
typedef struct sg_colours {
    int64_t channels, count; /* channels of x; of the result, at most SG_MAX_COLOURS */
    const float *weights;    /* [batch, count, channels], styles multiplied in */
    const float *bias;       /* [count] */
    float limit;             /* of the result's magnitude; INFINITY for no limit */
    float *picture;          /* the result [batch, pixels, count] */
} sg_colours;

/* True if the kernel takes these sizes. */
bool sg_colours_suit(int64_t channels, int64_t count);

/* Computes the colours of all pixels of x [batch, pixels, channels]. */
void sg_to_colours(const sg_colours *colours, int64_t batch, int64_t pixels, const float *x);

#endif
