/* Presets: what --cfg names, with the published values of each. */
#ifndef SG_TRAIN_PRESET_H
#define SG_TRAIN_PRESET_H

#include "train/trainer.h"

typedef struct sg_preset {
    const char *name; /* "stylegan3-t" */
    sg_family family;
    bool rotations; /* StyleGAN3's configuration R, whose details turn with objects */
} sg_preset;

/* The presets, the default one first. */
extern const sg_preset sg_presets[];
extern const size_t sg_preset_count;

/* The preset of that name, or NULL. */
const sg_preset *sg_preset_find(const char *name);

/* The preset's values for all that the user may give others for. */
sg_trainer_options sg_preset_options(const sg_preset *preset);

/*
 * Sets what follows from the user's values: half-lives from the batch size, and configuration R's
 * generator, which has twice the channels that were asked for.
 */
void sg_preset_complete(const sg_preset *preset, sg_trainer_options *options);

#endif
