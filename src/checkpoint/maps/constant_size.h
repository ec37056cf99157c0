/* The size of the constant that a network's pictures grow from, as a file's tensors have it. */
#ifndef SG_CHECKPOINT_MAPS_CONSTANT_SIZE_H
#define SG_CHECKPOINT_MAPS_CONSTANT_SIZE_H

#include "checkpoint/contents/network_contents.h"

/*
 * Sets "init_res" of every part whose constant is not 4x4, and "img_resolution" to 4 for each block
 * but the first doubled, whatever the config says: shapes decide. A discriminator has only the
 * product of the two sides; if it is not 16 and no "init_res" of its own or of a generator fits,
 * the part is refused. The contents need not be finished.
 */
sg_status sg_constant_size_derive(sg_network_contents *contents, sg_error *error);

#endif
