/* Resolves a preset and the given options to the options of a run. */
#ifndef SG_TRAIN_OPTIONS_PRESET_RESOLVE_H
#define SG_TRAIN_OPTIONS_PRESET_RESOLVE_H

#include "train/options/preset.h"
#include "train/options/training_fields.h"

/*
 * Sets *options to the values of the preset `values->cfg`, except those that are given (rows of
 * sg_training_table), with all that follows from them:
 *   - from the loss, what its paper says of R1, optimiser, rates and clipping
 *   - from batch or rates, the same at all resolutions of a growing schedule
 *   - half-lives from batch or fade; configuration R's generator has twice the channels
 *   - from `resolution`, the side of the pictures: batch, rates, channels, gamma, group
 * With `resolution` 0 (not known yet) the last is left out, and values that follow from it stay
 * SG_FOLLOWS. *options may be *values. Fails with SG_ERROR_ARGUMENT for options that contradict
 * each other, and for given options that only other networks or losses read.
 */
sg_status sg_preset_resolve(const sg_run_options *values, const sg_given *given, int resolution,
                            sg_run_options *options, sg_error *error);

#endif
