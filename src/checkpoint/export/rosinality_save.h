/* Checkpoints of stylegan2-pytorch by rosinality, from networks that its programs can build. */
#ifndef SG_CHECKPOINT_EXPORT_ROSINALITY_SAVE_H
#define SG_CHECKPOINT_EXPORT_ROSINALITY_SAVE_H

#include "checkpoint/network/network_file.h"

/* Why those programs cannot build such a network, as the end of a sentence that begins with its
 * name; NULL when they can. Static. */
const char *sg_rosinality_generator_obstacle(const sg_generator_config *config);
const char *sg_rosinality_discriminator_obstacle(const sg_discriminator_config *config);

/*
 * Writes {"g": ..., "d": ..., "g_ema": ..., "latent_avg": ...} atomically, without G and D where
 * they are NULL. Fails with SG_ERROR_ARGUMENT when there is no G_ema, or for the reasons above.
 */
sg_status sg_rosinality_save(const char *path, const sg_network_parts *parts, sg_error *error);

#endif
