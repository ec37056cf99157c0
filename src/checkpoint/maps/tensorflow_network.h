/* A network of a TensorFlow file: its options and its variables. */
#ifndef SG_CHECKPOINT_MAPS_TENSORFLOW_NETWORK_H
#define SG_CHECKPOINT_MAPS_TENSORFLOW_NETWORK_H

#include "checkpoint/maps/foreign_tensors.h"
#include "models/config.h"

/* The sizes of a network. */
typedef struct sg_tensorflow_size {
    int scope_height, scope_width; /* in the name of the first block: "4x4", or the constant's */
    int resolution;                /* 4 for each block but the first doubled; 0: none that can be */
    bool measured;                 /* the resolution is that of the blocks, not of an option */
} sg_tensorflow_size;

/* A network of a TensorFlow file. */
typedef struct sg_tensorflow_network {
    const sg_value *state; /* with static_kwargs and components */
    int64_t version; /* of the file format: 2 for ProGAN, 3 for StyleGAN, 4 for StyleGAN2, 5 for
                        StyleGAN2-ADA */
    sg_family family;
    sg_foreign_tensors tensors;
    sg_tensorflow_size size;
    bool by_level; /* colour layers are named by level of detail */
    bool discriminator;
} sg_tensorflow_network;

/* The options of the network (0) and of its components. */
enum { SG_TENSORFLOW_MOST_COMPONENTS = 8 };

/* Returns the options of the network (0) or of a component; NULL beyond the last. */
const sg_value *sg_tensorflow_keywords_at(const sg_tensorflow_network *network, size_t index);

/* Returns the value of an option of the network, otherwise of a component; NULL if absent. */
const sg_value *sg_tensorflow_keyword(const sg_tensorflow_network *network, const char *key);

#endif
