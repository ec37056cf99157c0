/* The bodies of the phases: losses and their gradients on one part of a batch. */
#ifndef SG_TRAIN_STEP_PHASES_H
#define SG_TRAIN_STEP_PHASES_H

#include "train/step/statistics.h"
#include "train/step/trainer_state.h"

/*
 * Runs the body of a phase on the present part of the batch: adds gradients to the network's list.
 * `reals` and `labels` are NULL in the generator's phases. Failures are in the context.
 */
void sg_phase_run(sg_trainer *trainer, sg_phase phase, sg_tensor *reals, sg_tensor *labels,
                  sg_statistics *statistics);

#endif
