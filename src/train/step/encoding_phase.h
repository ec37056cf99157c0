/* The phase of an encoder's training: pictures to w and back, and the losses of both. */
#ifndef SG_TRAIN_STEP_ENCODING_PHASE_H
#define SG_TRAIN_STEP_ENCODING_PHASE_H

#include "train/step/statistics.h"
#include "train/step/trainer_state.h"

/*
 * Computes the loss of the present part of the batch, `reals` [samples, H, W, C], of which the
 * generator's own pictures replace the first ones. Returns the loss as a scalar, with the encoder's
 * parameters on the tape; NULL (error in the context) on failure.
 */
sg_tensor *sg_encoding_loss(sg_trainer *trainer, sg_tensor *reals, sg_statistics *statistics);

/* Adds how near the reconstructions of pictures [N, H, W, C] that are not trained on come. */
void sg_encoding_score(sg_trainer *trainer, sg_tensor *pictures, sg_statistics *statistics);

#endif
