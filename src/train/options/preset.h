/* Presets: what --cfg names, with the published values of each. */
#ifndef SG_TRAIN_OPTIONS_PRESET_H
#define SG_TRAIN_OPTIONS_PRESET_H

#include "train/step/trainer.h"

/* In options: a value that follows from others, from the batch or the pictures' resolution. */
enum { SG_FOLLOWS = -1 };

typedef struct sg_preset {
    const char *name;    /* "stylegan3-t" */
    const char *meaning; /* what it trains, for people: lines of at most 62 characters */
    sg_family family;
    double kimg;    /* how long it trains, thousands of images */
    bool rotations; /* StyleGAN3's configuration R, whose details turn with objects */
    /* Sets what is not the same as in StyleGAN2; NULL: nothing. */
    void (*set)(sg_trainer_options *options);
} sg_preset;

/* The presets, the default one first. */
extern const sg_preset sg_presets[];
extern const size_t sg_preset_count;

/* The preset of that name, or NULL. */
const sg_preset *sg_preset_find(const char *name);

/* "stylegan2, auto ... or stylegan3-r", for sentences, into `text` of `size` bytes. */
void sg_preset_list(char *text, size_t size);

/*
 * The preset's values for all that the user may give others for. Batch, rates, channels, group of
 * the minibatch standard deviation, gamma and ema_kimg may be SG_FOLLOWS. Where networks grow,
 * batch and rates are, since the schedule has them for each resolution.
 */
sg_trainer_options sg_preset_options(const sg_preset *preset);

/*
 * Sets what follows from the user's values: half-lives from the batch size, configuration R's
 * generator, which has twice the channels that were asked for, and a schedule with the same batch
 * or rate at all resolutions when one was given.
 */
void sg_preset_complete(const sg_preset *preset, sg_trainer_options *options);

/* Fills in what follows from the resolution of the pictures; after that, nothing is SG_FOLLOWS. */
void sg_preset_fit(const sg_preset *preset, sg_trainer_options *options, int resolution);

#endif
