/* The table of maps: opening, converting and their sentences walk it. */
#ifndef SG_CHECKPOINT_MAPS_MAP_TABLE_H
#define SG_CHECKPOINT_MAPS_MAP_TABLE_H

#include "checkpoint/maps/network_map.h"

/*
 * The rows, in the order in which a file is compared with them. MAP(NAME) is sg_NAME_map, which
 * map_NAME.c defines. A new layout takes its own file and a row here, nothing else.
 */
#define SG_MAP_TABLE(MAP)                                                                          \
    MAP(official)   /* snapshots of stylegan2-ada-pytorch and stylegan3 */                         \
    MAP(tensorflow) /* ProGAN, StyleGAN, StyleGAN2 and StyleGAN2-ADA in TensorFlow */              \
    MAP(rosinality) /* stylegan2-pytorch: checkpoints, training or converted; state dicts */

#define SG_DECLARE_MAP(name) extern const sg_network_map sg_##name##_map;
SG_MAP_TABLE(SG_DECLARE_MAP)
#undef SG_DECLARE_MAP

/* Returns row `index`, or NULL beyond the last. */
const sg_network_map *sg_map_at(size_t index);

/* Finds the map that recognises a file with this root; NULL if none does. */
const sg_network_map *sg_map_recognize(const sg_value *root);

/* Finds the map that writes files of that suffix (".pt"), in any case; NULL if none does. */
const sg_network_map *sg_map_of_suffix(const char *suffix);

#endif
