/* Checkpoints of stylegan2-pytorch by rosinality, of networks that its programs can build. */
#ifndef SG_CHECKPOINT_MAPS_ROSINALITY_WRITE_H
#define SG_CHECKPOINT_MAPS_ROSINALITY_WRITE_H

#include "checkpoint/contents/network_part.h"
#include "checkpoint/values/tensor_entry.h"

/*
 * Hands {"g": ..., "d": ..., "g_ema": ..., "latent_avg": ...} to `writer`, without G and D where
 * they are NULL. A D that those programs cannot build is left out, and *left_out (otherwise NULL)
 * says why, as the end of a sentence that begins with "D". Fails with SG_ERROR_ARGUMENT if there is
 * no G_ema, or a generator that those programs cannot build.
 */
sg_status sg_rosinality_write(const char *path, const sg_network_parts *parts,
                              sg_tensor_writer writer, const char **left_out, sg_error *error);

#endif
