/*
 * The table of maps.
 *
 * Tested by: tests/checkpoint/export/test_network_convert.c
 */
#include "checkpoint/maps/map_table.h"

#define MAP_POINTER(name) &sg_##name##_map,
static const sg_network_map *const maps[] = {SG_MAP_TABLE(MAP_POINTER)};

const sg_network_map *sg_map_at(size_t index)
{
    return index < sizeof maps / sizeof maps[0] ? maps[index] : NULL;
}

const sg_network_map *sg_map_recognize(const sg_value *root)
{
    size_t index = 0;
    while (sg_map_at(index) && !(maps[index]->recognize && maps[index]->recognize(root)))
        index++;
    return sg_map_at(index);
}
