/* Feature maps that a network shows of pictures. */
#ifndef SG_MODELS_FEATURE_MAPS_H
#define SG_MODELS_FEATURE_MAPS_H

#include "tensor/tensor.h"

enum { SG_MOST_FEATURE_MAPS = 16 };

/* Maps [N, h, w, channels], from the first block to the last; owned. */
typedef struct sg_feature_maps {
    sg_tensor *maps[SG_MOST_FEATURE_MAPS];
    int count;
} sg_feature_maps;

/* Adds a reference to a map, NULL after a failure; releases all. */
void sg_feature_maps_add(sg_feature_maps *maps, sg_tensor *map);
void sg_feature_maps_clear(sg_feature_maps *maps);

#endif
