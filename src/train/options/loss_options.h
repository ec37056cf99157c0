/* Options that follow from a loss: the values of its paper, and contradictions. */
#ifndef SG_TRAIN_OPTIONS_LOSS_OPTIONS_H
#define SG_TRAIN_OPTIONS_LOSS_OPTIONS_H

#include "base/error.h"
#include "train/options/trainer_options.h"

/*
 * Sets the loss. If it differs from the present one, also sets the values of its paper: R1, steps
 * of the discriminator, clipping, optimiser.
 */
void sg_loss_choose(sg_trainer_options *options, sg_loss_kind loss);

/*
 * Sets layer normalisation in DCGAN's discriminator where the loss, R1 or R2 need the gradient of
 * each picture's own score; normalisation over the batch mixes pictures.
 */
void sg_loss_choose_norm(sg_trainer_options *options);

/*
 * Fails with SG_ERROR_ARGUMENT and the reason when options contradict each other. A gamma of
 * SG_FOLLOWS counts as a weight of R1.
 */
sg_status sg_loss_check(const sg_trainer_options *options, sg_error *error);

/* Fails in the same way for networks that cannot learn from labels. */
sg_status sg_labels_check(const sg_trainer_options *options, sg_error *error);

#endif
