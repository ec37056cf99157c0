/*
 * To colours: a 1x1 convolution to few channels, of which each pixel needs a dot product apiece.
 *
 *     y[n, p, c] = clamp(sum over i of x[n, p, i] * weights[n, c, i] + bias[c])
 */
#ifndef SG_KERNELS_PRODUCT_COLOURS_H
#define SG_KERNELS_PRODUCT_COLOURS_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_MAX_COLOURS = 4 };

/* The operation for the pixels of a batch; `picture` is where the result goes. */
typedef struct sg_colours {
    int64_t channels, count; /* of x; of the result, at most SG_MAX_COLOURS */
    const float *weights;    /* [batch, count, channels], styles multiplied in */
    const float *bias;       /* [count] */
    float limit;             /* of the result's magnitude; INFINITY: none */
    float *picture;          /* [batch, pixels, count] */
} sg_colours;

/* Whether the kernel takes these sizes. */
bool sg_colours_suit(int64_t channels, int64_t count);

/* All pixels of x [batch, pixels, channels]. */
void sg_to_colours(const sg_colours *colours, int64_t batch, int64_t pixels, const float *x);

#endif
