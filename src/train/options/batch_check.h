/* Whether batches can be cut into parts and into groups of the minibatch standard deviation. */
#ifndef SG_TRAIN_OPTIONS_BATCH_CHECK_H
#define SG_TRAIN_OPTIONS_BATCH_CHECK_H

#include "base/error.h"
#include "train/options/trainer_options.h"

/* Images at a time out of a batch: as many as were asked for, all when it is a smaller batch. */
int sg_batch_part(const sg_trainer_options *options, int batch);

/*
 * Checks every batch that networks of `resolution` meet; 0, when it is not known yet, leaves a
 * growing schedule out. Fails with SG_ERROR_ARGUMENT and a sentence that names option and batch.
 */
sg_status sg_batch_check(const sg_trainer_options *options, int resolution, sg_error *error);

#endif
