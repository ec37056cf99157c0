/*
 * Lists of feature maps.
 *
 * Tested by: tests/models/test_discriminator_maps.c
 */
#include "models/feature_maps.h"

void sg_feature_maps_add(sg_feature_maps *maps, sg_tensor *map)
{
    if (map && maps->count < SG_MOST_FEATURE_MAPS)
        maps->maps[maps->count++] = sg_tensor_retain(map);
}

void sg_feature_maps_clear(sg_feature_maps *maps)
{
    for (int i = 0; i < maps->count; i++)
        sg_tensor_release(maps->maps[i]);
    maps->count = 0;
}
