/* The options of TensorFlow networks as official keywords. */
#ifndef SG_CHECKPOINT_MAPS_TENSORFLOW_CONFIG_H
#define SG_CHECKPOINT_MAPS_TENSORFLOW_CONFIG_H

#include "checkpoint/maps/tensorflow_network.h"

/* Returns the default resolution of the program that made the network. */
int sg_tensorflow_usual_resolution(const sg_tensorflow_network *network);

/*
 * Adds the part's config to the contents. Options that are absent come from the TensorFlow
 * programs' defaults and from the tensors' shapes. A part whose options ask for a network that
 * cannot be built is refused.
 */
sg_status sg_tensorflow_configure(const sg_tensorflow_network *network,
                                  sg_network_contents *contents, sg_network_part part,
                                  sg_error *error);

#endif
