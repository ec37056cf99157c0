/* Looking at the features of layers while a synthesis network computes pictures. */
#ifndef SG_NN_LAYER_TAP_H
#define SG_NN_LAYER_TAP_H

#include "tensor/tensor.h"

/* A tap on one layer or on all; borrowed by sg_synthesis_options. */
typedef struct sg_layer_tap {
    /*
     * The tensor that stands for the layer: the weight of its affine map, or, without one, of its
     * convolution; a constant stands for itself. NULL: every layer.
     */
    const sg_tensor *mark;
    void *user;
    /* Takes a layer's mark and its result [N, H, W, C], valid during the call, of which the first
     * `channels` are features: the rest pads them. */
    void (*take)(void *user, const sg_tensor *mark, const sg_tensor *features, int64_t channels);
} sg_layer_tap;

/* Shows the result of the layer with this mark to the tap (NULL: none), unless it is NULL. */
static inline void sg_layer_tap_show(const sg_layer_tap *tap, const sg_tensor *mark,
                                     const sg_tensor *features, int64_t channels)
{
    if (tap && features && (!tap->mark || tap->mark == mark))
        tap->take(tap->user, mark, features, channels);
}

#endif
