/* What goes with a loss: the values that its paper has, and what makes no sense together. */
#ifndef SG_TRAIN_OPTIONS_LOSS_OPTIONS_H
#define SG_TRAIN_OPTIONS_LOSS_OPTIONS_H

#include "base/error.h"
#include "train/options/trainer_options.h"

/*
 * Sets the loss and, where it is not the one that the options already have, the values of its
 * paper: R1, steps of the discriminator, clipping, optimiser.
 */
void sg_loss_choose(sg_trainer_options *options, sg_loss_kind loss);

/*
 * Gives DCGAN's discriminator layer normalisation instead of normalisation over the batch where the
 * loss, R1 or R2 need each picture's own slope.
 */
void sg_loss_choose_norm(sg_trainer_options *options);

/*
 * Refuses options that contradict each other, with a sentence that says why
 * (SG_ERROR_ARGUMENT). A gamma below zero stands for a weight of R1 that is not known yet.
 */
sg_status sg_loss_check(const sg_trainer_options *options, sg_error *error);

/* Refuses labels for networks that cannot learn from them, in the same way. */
sg_status sg_labels_check(const sg_trainer_options *options, sg_error *error);

#endif
