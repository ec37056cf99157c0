/* Checks that batches divide into parts, and into groups of the minibatch standard deviation. */
#ifndef SG_TRAIN_OPTIONS_BATCH_CHECK_H
#define SG_TRAIN_OPTIONS_BATCH_CHECK_H

#include "base/error.h"
#include "train/options/trainer_options.h"

/* Returns the images at a time: batch_part, or the whole of a smaller batch. */
int sg_batch_part(const sg_trainer_options *options, int batch);

/*
 * Checks every batch that networks of `resolution` meet; 0 (not known yet) leaves out a growing
 * schedule. Fails with SG_ERROR_ARGUMENT and names option and batch.
 */
sg_status sg_batch_check(const sg_trainer_options *options, int resolution, sg_error *error);

#endif
