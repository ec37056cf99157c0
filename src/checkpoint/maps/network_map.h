/*
 * Which tensor and which option of a foreign file is which official one: a map for each program
 * that writes such files, apart from the formats that the files are in.
 */
#ifndef SG_CHECKPOINT_MAPS_NETWORK_MAP_H
#define SG_CHECKPOINT_MAPS_NETWORK_MAP_H

#include "checkpoint/contents/network_contents.h"

typedef struct sg_network_map {
    /* Whether a file with this root was written by the map's program. */
    bool (*recognize)(const sg_value *root);
    /* Fills contents, whose path is set, from the root; the values must outlive them. */
    sg_status (*read)(const sg_value *root, sg_network_contents *contents, sg_error *error);
} sg_network_map;

/* Snapshots of stylegan2-ada-pytorch and stylegan3. */
extern const sg_network_map sg_official_map;

/* ProGAN, StyleGAN, StyleGAN2 and StyleGAN2-ADA in TensorFlow. */
extern const sg_network_map sg_tensorflow_map;

/* stylegan2-pytorch by rosinality: training checkpoints, converted ones, plain state dicts. */
extern const sg_network_map sg_rosinality_map;

#endif
