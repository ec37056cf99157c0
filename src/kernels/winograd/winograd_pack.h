/*
 * Weights of 3x3 convolutions in Winograd's frequencies: 36 matrices [in, out], packed in the
 * panels of kernels/product/product.h.
 */
#ifndef SG_KERNELS_WINOGRAD_WINOGRAD_PACK_H
#define SG_KERNELS_WINOGRAD_WINOGRAD_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SG_WINOGRAD_MATRICES = 36 };

/* The transform of three taps to six values, applied to both axes. */
typedef enum sg_winograd_transform {
    SG_WINOGRAD_SAME,       /* F(4, 3): the frequencies of a correlation's taps */
    SG_WINOGRAD_UPSAMPLING, /* taps 2 and 0 through F(4, 2) to five, then tap 1 itself */
} sg_winograd_transform;

/* Weights to be packed. */
typedef struct sg_winograd_weights {
    sg_winograd_transform transform;
    int64_t in_channels, out_channels; /* as packed */
    int64_t known_in, known_out;       /* channels from here on have zero weights */
    int64_t in_step, out_step;         /* floats between the kernels of neighbouring channels */
    bool reversed;                     /* each kernel is reversed in both axes */
    int parts; /* for products in the split format 2, of triples 3, otherwise 1; see product.h */
    float gain;
    const float *values;
} sg_winograd_weights;

/* Returns the output channels rounded up to whole panels of any processor. */
int64_t sg_winograd_padded(int64_t out_channels);

/* Returns the bytes of all packed matrices. */
size_t sg_winograd_packed_bytes(int64_t in_channels, int64_t out_channels);

/* packed = the transform of gain * weights; columns beyond out_channels are zero. */
void sg_winograd_pack_weights(const sg_winograd_weights *weights, float *packed);

#endif
