/* A whole training run: reads a data set, writes a run folder with pictures, snapshots and
 * statistics. */
#ifndef SG_TRAIN_RUN_RUN_H
#define SG_TRAIN_RUN_RUN_H

#include "base/fields.h"
#include "tensor/context.h"
#include "train/options/run_options.h"
#include "train/run/run_callbacks.h"

/*
 * Trains. `given` says which members of the options are set (rows of sg_training_table); the others
 * come from the preset and the data (sg_preset_resolve) or, when resuming, from the run folder's
 * training_options.json, which also counts for most given ones (sg_training_copy_resumed). `given`
 * NULL: a new run with options that are complete, except what the data say.
 *
 * The folder's path goes to `folder` (`size` bytes) as soon as it exists. On a failure in the
 * middle, what was written before stays. A run that a callback ends saves itself and returns SG_OK.
 */
sg_status sg_run(sg_context *context, const sg_run_options *options, const sg_given *given,
                 const sg_run_callbacks *callbacks, char *folder, size_t size, sg_error *error);

#endif
