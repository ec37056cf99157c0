/* Options that follow from a loss: the values of its paper; contradictions between options, and
 * batches that do not divide into parts or groups. */
#ifndef SG_TRAIN_OPTIONS_LOSS_OPTIONS_H
#define SG_TRAIN_OPTIONS_LOSS_OPTIONS_H

#include "base/error.h"
#include "train/options/trainer_options.h"

/*
 * Sets the loss. If it differs from the present one, also sets the values of its paper: R1, steps
 * of the discriminator, clipping, optimiser, R2.
 */
void sg_loss_choose(sg_trainer_options *options, sg_loss_kind loss);

/*
 * Sets what goes with a gradient penalty that was asked for: points between pictures unless others
 * are set, and no R1 and R2, which pull gradients elsewhere.
 */
void sg_loss_choose_penalty(sg_trainer_options *options);

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

/* Returns the images at a time: batch_part, or the whole of a smaller batch. */
int sg_batch_part(const sg_trainer_options *options, int batch);

/*
 * Checks every batch that networks of `resolution` meet; 0 (not known yet) leaves out a growing
 * schedule. Fails with SG_ERROR_ARGUMENT and names option and batch.
 */
sg_status sg_batch_check(const sg_trainer_options *options, int resolution, sg_error *error);

#endif
