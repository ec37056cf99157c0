/* What the literature advises for training that starts from another network's weights. */
#ifndef SG_TRAIN_OPTIONS_FINETUNE_H
#define SG_TRAIN_OPTIONS_FINETUNE_H

#include "base/text.h"
#include "train/options/training_fields.h"

/*
 * Turns on adaptive augmentation, where it is not given and the loss has scores whose sign means
 * real: a few thousand pictures or fewer make the discriminator overfit within some 100 kimg
 * (Karras et al. 2020, section 4.3).
 */
void sg_finetune_augment(const sg_given *given, sg_trainer_options *options);

/*
 * Sets half the learning rates and the layers of the discriminator that are frozen, except those
 * that are given:
 *   - rates: Freeze-D's program trains StyleGAN at 0.001, half of what is usual (Mo et al. 2020)
 *   - layers: Freeze-D trains the blocks up to 16x16 and freezes those above; StyleGAN3's authors
 *     find 10 and 13 layers good at 256 to 1024 pixels, so 10 at most
 * The options are resolved, with rates and resolution.
 */
void sg_finetune_set(const sg_given *given, sg_trainer_options *options);

/* Appends a line for each of the options above, with its value and reason. */
void sg_finetune_describe(const sg_given *given, const sg_trainer_options *options, sg_text *lines);

#endif
