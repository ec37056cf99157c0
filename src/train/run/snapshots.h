/*
 * Network snapshots and training states in a run folder. They are written in pairs; the last two
 * states are kept, and a run resumes from the newest pair that is whole.
 */
#ifndef SG_TRAIN_RUN_SNAPSHOTS_H
#define SG_TRAIN_RUN_SNAPSHOTS_H

#include "base/watch.h"
#include "checkpoint/safetensors/safetensors.h"
#include "train/run/run_identity.h"
#include "train/step/trainer.h"

enum { SG_MOST_SNAPSHOT_REMARKS = 4 };

/*
 * Writes network-snapshot-IMAGES, whose metadata have the "kimg" so far and `count` remarks (at
 * most SG_MOST_SNAPSHOT_REMARKS), and then
 * training-state-IMAGES, and removes all states but the last two; with `keep` above 0 also all
 * networks but the last `keep`, and all states but as many. Files of later numbers, which a resumed
 * run passed over, stay. A kill at any moment leaves the previous pair whole.
 */
sg_status sg_snapshot_save(sg_trainer *trainer, const char *folder, int keep,
                           const sg_metadata *remarks, size_t count,
                           const sg_run_identity *identity, sg_error *error);

/* Reads the run's identity (NULL in saving: none) from the newest state that can be read; the
 * caller clears it. Fails for lack of memory alone. */
sg_status sg_snapshot_identify(const char *folder, sg_run_identity *identity, sg_error *error);

/*
 * Loads the newest pair that is whole; notes each pair that is skipped (`watch` may be NULL).
 * *loaded is false when there is none. Only a damaged or incomplete pair is skipped: fails when one
 * cannot be read for lack of memory or permission, or for the disk's fault, and the trainer must
 * then be destroyed.
 */
sg_status sg_snapshot_load(sg_trainer *trainer, const char *folder, const sg_watch *watch,
                           bool *loaded, sg_error *error);

/*
 * Lists the paths of the network files of a run in *paths [*count], oldest first; the caller frees
 * each and the list. Fails with SG_ERROR_FILE when there is none, and with SG_ERROR_MEMORY.
 */
sg_status sg_snapshot_list(const char *folder, char ***paths, size_t *count, sg_error *error);

/* Returns the number of images in the name of a network file of a run; 0 for another name. */
unsigned long long sg_snapshot_images(const char *path);

/*
 * Removes old snapshots as sg_snapshot_save does for `keep`, except the `spared` networks, which
 * are named by their numbers of images.
 */
void sg_snapshot_prune(const char *folder, unsigned long long newest, int keep,
                       const uint64_t *spared, size_t spared_count);

/* Tells by its name whether a file is a training state, the half of a pair without networks;
 * writes the path of the other half to `network`, which has SG_PATH_BYTES. */
bool sg_snapshot_is_state(const char *path, char *network);

/* Reads the config of the generator in the newest network file of a run; false if none has one. */
bool sg_snapshot_config(const char *folder, sg_generator_config *config);

/* Reads the config of the generator in the network file `path`; false if it has none that is
 * known. */
bool sg_snapshot_config_of(const char *path, sg_generator_config *config);

#endif
