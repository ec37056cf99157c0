/*
 * Convolutions of networks that only infer, by tap products: between tap images, with bias and
 * rectifier applied while the result is in cache. One run may compute several layers that read the
 * same source with kernels of one size; each writes to an image of its own, or to some channels of
 * one.
 */
#ifndef SG_KERNELS_CONVOLUTION_TAP_CONVOLUTION_H
#define SG_KERNELS_CONVOLUTION_TAP_CONVOLUTION_H

#include "kernels/convolution/tap_image.h"

/* The size of a convolution; out sizes follow from the targets. Strides above 2 are not known. */
typedef struct sg_tap_convolution {
    int64_t in_channels;
    int64_t kernel_height, kernel_width, stride, pad_y, pad_x;
} sg_tap_convolution;

/* One layer. */
typedef struct sg_tap_layer {
    const float *packed; /* of sg_tap_packed_bytes */
    const float *bias;   /* [channels]; NULL: none */
    int64_t channels;    /* a multiple of 16 */
    bool rectified;      /* negative results become zero */
    sg_tap_image target;
} sg_tap_layer;

/* Returns the bytes of a layer's packed weights. */
size_t sg_tap_packed_bytes(const sg_tap_convolution *convolution, int64_t channels);

/* Packs weights [channels, kernel_height, kernel_width, in_channels]. */
void sg_tap_pack_weights(const sg_tap_convolution *convolution, int64_t channels,
                         const float *weights, float *packed);

/* Computes the layers' results of `batch` pictures; their targets have equal sizes. */
void sg_tap_convolution_run(const sg_tap_convolution *convolution, const sg_tap_image *source,
                            const sg_tap_layer *layers, int64_t count, int64_t batch);

#endif
