/* The options of TensorFlow networks as official keywords; for map_tensorflow.c. */
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
    bool by_level; /* whether colour layers are named by level of detail */
    bool discriminator;
} sg_tensorflow_network;

/* The value of an option, of the network itself or else of a component; NULL when it is absent. */
const sg_value *sg_tensorflow_keyword(const sg_tensorflow_network *network, const char *key);

/* The resolution that the network was built for, 0 when it is no power of two from 4 to 4096. */
int sg_tensorflow_resolution(const sg_tensorflow_network *network);

/*
 * Adds the part's config to the contents, what the options leave out from the TensorFlow programs'
 * defaults and from the tensors' shapes. A part with options that ask for another network than
 * those that are built here is refused.
 */
sg_status sg_tensorflow_configure(const sg_tensorflow_network *network,
                                  sg_network_contents *contents, sg_network_part part,
                                  sg_error *error);

#endif
