/*
 * What a training needs to go on exactly, beside its network snapshot: both optimisers' moments and
 * the counters from which every random number and the place in the data follow.
 *
 * The file is safetensors: "G.first.NAME", "G.second.NAME", "D...." for the moments, "counters" [5]
 * (steps, random round, Adam steps of G and D, CRC-32 of the network snapshot) and "path_mean". The
 * CRC ties a state to its snapshot, and a CRC of the state's own tensors in the metadata tells a
 * torn file from a whole one.
 */
#ifndef SG_TRAIN_RUN_TRAINING_STATE_H
#define SG_TRAIN_RUN_TRAINING_STATE_H

#include "train/step/trainer.h"

/* Writes the state beside the snapshot that lies at `network_path` already. */
sg_status sg_training_state_save(sg_trainer *trainer, const char *network_path, const char *path,
                                 sg_error *error);

/*
 * Fills the trainer's networks from the snapshot and the rest from the state. Fails with a sentence
 * when either is torn, of another network, or when they do not belong together; the trainer is then
 * to be destroyed or loaded again.
 */
sg_status sg_training_state_load(sg_trainer *trainer, const char *network_path, const char *path,
                                 sg_error *error);

#endif
