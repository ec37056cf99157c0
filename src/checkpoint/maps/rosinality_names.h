/*
 * The names and forms of StyleGAN2's tensors in stylegan2-pytorch by rosinality, for reading and
 * for writing.
 */
#ifndef SG_CHECKPOINT_MAPS_ROSINALITY_NAMES_H
#define SG_CHECKPOINT_MAPS_ROSINALITY_NAMES_H

#include "checkpoint/maps/foreign_names.h"

/*
 * Append the names of a generator or a residual discriminator of this resolution, 4 or more,
 * resampling filters included.
 */
void sg_rosinality_generator_names(int resolution, int mapping_layers, sg_foreign_names *names);
void sg_rosinality_discriminator_names(int resolution, sg_foreign_names *names);

#endif
