/* The sizes of a StyleGAN2 network in TensorFlow, from the names of its variables. */
#ifndef SG_CHECKPOINT_MAPS_TENSORFLOW_SIZE_H
#define SG_CHECKPOINT_MAPS_TENSORFLOW_SIZE_H

#include "checkpoint/maps/tensorflow_network.h"

enum { SG_TENSORFLOW_SCOPE_BYTES = 32 };

/*
 * Sets network->size, once the family and the tensors are known. Other families have what the
 * option "resolution" says, otherwise `usual`.
 */
void sg_tensorflow_measure(sg_tensorflow_network *network, int usual);

/* Prints the scope of the block of a resolution (4, 8 ...): "10x6". Returns `text`. */
const char *sg_tensorflow_scope(const sg_tensorflow_size *size, int resolution,
                                char text[SG_TENSORFLOW_SCOPE_BYTES]);

#endif
