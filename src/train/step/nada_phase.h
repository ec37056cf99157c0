/* The losses of a generator that is moved to another domain (Gal et al. 2022). */
#ifndef SG_TRAIN_STEP_NADA_PHASE_H
#define SG_TRAIN_STEP_NADA_PHASE_H

#include "train/step/trainer_state.h"

/*
 * Returns the weighted sum of losses of the present part of a batch, and leaves the generator's
 * tensors that train on the tape. Adds the losses to the statistics. NULL (error in the context) on
 * failure.
 */
sg_tensor *sg_nada_loss(sg_trainer *trainer, sg_statistics *statistics);

#endif
