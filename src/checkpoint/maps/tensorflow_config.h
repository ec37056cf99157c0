/* The options of TensorFlow networks as official keywords. */
#ifndef SG_CHECKPOINT_MAPS_TENSORFLOW_CONFIG_H
#define SG_CHECKPOINT_MAPS_TENSORFLOW_CONFIG_H

#include "checkpoint/maps/foreign_tensors.h"
#include "models/config.h"

/* A network of a TensorFlow file. */
typedef struct sg_tensorflow_network {
    const sg_value *state; /* with static_kwargs and components */
    int64_t version; /* of the file format: 2 for ProGAN, 3 for StyleGAN, 4 for StyleGAN2, 5 for
                        StyleGAN2-ADA */
    sg_family family;
    sg_foreign_tensors tensors;
    bool by_level; /* colour layers are named by level of detail */
    bool discriminator;
} sg_tensorflow_network;

/* Returns the value of an option of the network, otherwise of a component; NULL if absent. */
const sg_value *sg_tensorflow_keyword(const sg_tensorflow_network *network, const char *key);

/* Returns the resolution of the network; 0 if it is no power of two from 4 to 4096. */
int sg_tensorflow_resolution(const sg_tensorflow_network *network);

/*
 * Adds the part's config to the contents. Options that are absent come from the TensorFlow
 * programs' defaults and from the tensors' shapes. A part whose options ask for a network that
 * cannot be built is refused.
 */
sg_status sg_tensorflow_configure(const sg_tensorflow_network *network,
                                  sg_network_contents *contents, sg_network_part part,
                                  sg_error *error);

#endif
