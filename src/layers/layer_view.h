/* The features of one layer of a network for one picture. */
#ifndef SG_LAYERS_LAYER_VIEW_H
#define SG_LAYERS_LAYER_VIEW_H

#include "edit/direction.h"
#include "nn/parameter.h"

/* A view; valid as long as the features are. */
typedef struct sg_layer_view {
    char name[SG_LAYER_NAME_BYTES]; /* "b16.conv1": its module without "synthesis." */
    size_t channels, height, width;
    const sg_tensor *features; /* [1, height, width, channels or more], borrowed */
} sg_layer_view;

/*
 * Returns a view of features [1, H, W, >= channels] of the layer that `mark`, a tensor of the set,
 * stands for (nn/layer_tap.h).
 */
sg_layer_view sg_layer_view_of(const sg_parameter_set *set, const sg_tensor *mark,
                               const sg_tensor *features, int64_t channels);

/* Copies a channel to `plane` [height, width]. */
void sg_layer_view_plane(const sg_layer_view *view, size_t channel, float *plane);

#endif
