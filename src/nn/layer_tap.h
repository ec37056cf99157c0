/* Looking at the features of one layer while a synthesis network computes pictures. */
#ifndef SG_NN_LAYER_TAP_H
#define SG_NN_LAYER_TAP_H

#include "nn/linear.h"

/* A tap on the layer whose affine map has this weight; borrowed by sg_synthesis_options. */
typedef struct sg_layer_tap {
    const sg_tensor *affine_weight;
    void *user;
    /* Takes the layer's result [N, H, W, C], valid during the call, of which the first `channels`
     * are features: the rest pads them. */
    void (*take)(void *user, const sg_tensor *features, int64_t channels);
} sg_layer_tap;

/* Shows a layer's result to the tap (NULL: none), if the tap is on this layer; returns the result.
 */
static inline sg_tensor *sg_layer_tap_show(const sg_layer_tap *tap, const sg_linear *affine,
                                           sg_tensor *features, int64_t channels)
{
    if (tap && features && tap->affine_weight == affine->weight)
        tap->take(tap->user, features, channels);
    return features;
}

#endif
