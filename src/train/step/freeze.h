/*
 * Frozen layers: tensors that a training leaves as they are. They are not on the tape, so that
 * neither their gradients nor what these would need is computed, and no optimiser sees them.
 */
#ifndef SG_TRAIN_STEP_FREEZE_H
#define SG_TRAIN_STEP_FREEZE_H

#include "models/generator.h"
#include "train/options/trainer_options.h"

/*
 * Freezes the first `layers` of a discriminator (Freeze-D: Mo et al. 2020), counted from the
 * highest resolution as the official programs do: of each block fromrgb where it has one, conv0,
 * conv1, skip where it has one. The last block (b4) and the mapping of labels are never frozen.
 */
void sg_freeze_discriminator(sg_parameter_set *parameters, int layers);

/*
 * Freezes the first layers of the mapping network, the embedding of labels, and the blocks of the
 * synthesis up to a resolution (StyleGAN3: the input and the layers whose cutoff belongs to it), as
 * the options say. Buffers, such as the average of w, are statistics and go on.
 */
void sg_freeze_generator(sg_generator *generator, const sg_freezing *freezing);

/*
 * Checks what is to be frozen against the generator's config. Fails with SG_ERROR_ARGUMENT for an
 * embedding without labels, a resolution above the pictures', more mapping layers than there are,
 * and when nothing of the generator would be left to train.
 */
sg_status sg_freeze_check(const sg_freezing *freezing, const sg_generator_config *generator,
                          sg_error *error);

#endif
