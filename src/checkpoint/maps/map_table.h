/* The table of maps: opening, converting and their sentences walk it. */
#ifndef SG_CHECKPOINT_MAPS_MAP_TABLE_H
#define SG_CHECKPOINT_MAPS_MAP_TABLE_H

#include "checkpoint/contents/network_contents.h"

/*
 * A map tells which tensor and which option of a program's files is which official one, apart from
 * the containers that the files are in.
 */
typedef struct sg_network_map {
    const char *title; /* of the files, for sentences: "a snapshot of stylegan3" */

    /* True if a file with this root was written by the map's program. */
    bool (*recognize)(const sg_value *root);

    /* Fills contents, whose path is set, from the root; the values must outlive them. */
    sg_status (*read)(const sg_value *root, sg_network_contents *contents, sg_error *error);
} sg_network_map;

/*
 * The rows, in the order in which a file is compared with them. MAP(NAME) is sg_NAME_map, which
 * map_NAME.c defines. A new layout takes its own file and a row here, nothing else.
 */
#define SG_MAP_TABLE(MAP)                                                                          \
    MAP(official)    /* snapshots of stylegan2-ada-pytorch and stylegan3 */                        \
    MAP(tensorflow)  /* ProGAN, StyleGAN, StyleGAN2 and StyleGAN2-ADA in TensorFlow */             \
    MAP(state_dicts) /* named tensors of any program in the table of state_dict.h */

#define SG_DECLARE_MAP(name) extern const sg_network_map sg_##name##_map;
SG_MAP_TABLE(SG_DECLARE_MAP)
#undef SG_DECLARE_MAP

/* Returns row `index`, or NULL beyond the last. */
const sg_network_map *sg_map_at(size_t index);

/* Finds the map that recognises a file with this root; NULL if none does. */
const sg_network_map *sg_map_recognize(const sg_value *root);

#endif
