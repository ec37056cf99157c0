/*
 * What a training needs to continue exactly, besides its network snapshot: both optimisers' moments
 * and the counters that determine every random number and the position in the data.
 *
 * The file is safetensors: "G.first.NAME", "G.second.NAME", "D...." for the moments, "counters" [5]
 * (steps, random round, Adam steps of G and D, CRC-32 of the network snapshot) and "path_mean". The
 * CRC ties a state to its snapshot, and a CRC of the state's own tensors in the metadata tells a
 * torn file from a whole one. The metadata also have the run's identity ("options", "data" and
 * "files"), with a CRC of their own.
 */
#ifndef SG_TRAIN_RUN_TRAINING_STATE_H
#define SG_TRAIN_RUN_TRAINING_STATE_H

#include "checkpoint/network/network_file.h"
#include "train/run/run_identity.h"
#include "train/step/trainer.h"

/* Writes the state of the snapshot at `network_path`, which exists already; `identity` may be NULL.
 */
sg_status sg_training_state_save(sg_trainer *trainer, const char *network_path, const char *path,
                                 const sg_run_identity *identity, sg_error *error);

/*
 * Reads the run's identity from the state, which the caller clears; what the state does not say is
 * not known. Fails as opening does, and with SG_ERROR_FORMAT when the identity is damaged.
 */
sg_status sg_training_state_identify(const char *path, sg_run_identity *identity, sg_error *error);

/*
 * Reads the trainer's networks from the snapshot and the rest from the state. Fails with
 * SG_ERROR_FORMAT or SG_ERROR_FILE when either is torn, of another network, or when they do not
 * belong together; the trainer must then be destroyed or loaded again.
 */
sg_status sg_training_state_load(sg_trainer *trainer, const char *network_path, const char *path,
                                 sg_error *error);

#endif
