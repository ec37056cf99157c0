/* The losses of a mapper (Patashnik et al. 2021, section 5). */
#ifndef SG_TRAIN_STEP_MAPPER_PHASE_H
#define SG_TRAIN_STEP_MAPPER_PHASE_H

#include "train/step/trainer_state.h"

/*
 * Returns the distance of the pictures of moved w from the goal and the weighted mean square of the
 * moves, for the present part of a batch, and leaves the mapper's tensors on the tape. Adds the
 * losses to the statistics. NULL (error in the context) on failure.
 */
sg_tensor *sg_mapper_loss(sg_trainer *trainer, sg_statistics *statistics);

#endif
