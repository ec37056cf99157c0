/*
 * The names and forms of StyleGAN2's tensors in stylegan2-pytorch by rosinality, for reading and
 * for writing.
 */
#ifndef SG_CHECKPOINT_MAPS_ROSINALITY_H
#define SG_CHECKPOINT_MAPS_ROSINALITY_H

#include "checkpoint/contents/network_part.h"
#include "checkpoint/maps/foreign_names.h"
#include "checkpoint/values/tensor_entry.h"

/*
 * Append the names of a generator or a residual discriminator of this resolution, 4 or more,
 * resampling filters included.
 */
void sg_rosinality_generator_names(int resolution, int mapping_layers, sg_foreign_names *names);
void sg_rosinality_discriminator_names(int resolution, sg_foreign_names *names);

/*
 * Hands {"g": ..., "d": ..., "g_ema": ..., "latent_avg": ...} to `writer`, without G and D where
 * they are NULL. A D that those programs cannot build is left out, and *left_out (otherwise NULL)
 * says why, as the end of a sentence that begins with "D". Fails with SG_ERROR_ARGUMENT if there is
 * no G_ema, or a generator that those programs cannot build.
 */
sg_status sg_rosinality_write(const char *path, const sg_network_parts *parts,
                              sg_tensor_writer writer, const char **left_out, sg_error *error);

#endif
