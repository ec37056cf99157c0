/*
 * Network snapshots and training states in a run folder: written in pairs, the states' last two
 * kept, and the newest whole pair found again.
 */
#ifndef SG_TRAIN_RUN_SNAPSHOTS_H
#define SG_TRAIN_RUN_SNAPSHOTS_H

#include "train/step/trainer.h"

/* Tells a line to people. */
typedef void (*sg_say_function)(void *user, const char *line);

/*
 * Writes network-snapshot-IMAGES and then training-state-IMAGES, and removes all states but the
 * last two. A kill at any moment leaves the previous pair whole.
 */
sg_status sg_snapshot_save(sg_trainer *trainer, const char *folder, sg_error *error);

/*
 * Loads the newest pair that is whole; tells `say` (may be NULL) of each that is passed over. Fails
 * when there is none.
 */
sg_status sg_snapshot_load(sg_trainer *trainer, const char *folder, sg_say_function say, void *user,
                           sg_error *error);

/*
 * Starts from another network's weights: every tensor of the same name and shape in `path` is
 * taken, of G, D and G_ema; G stands in for a missing G_ema and the other way round. The numbers of
 * tensors taken and looked for go to *taken and *wanted. Fails when none fits.
 */
sg_status sg_snapshot_init(sg_trainer *trainer, const char *path, size_t *taken, size_t *wanted,
                           sg_error *error);

#endif
