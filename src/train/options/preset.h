/* Presets: the published values of each kind of network. */
#ifndef SG_TRAIN_OPTIONS_PRESET_H
#define SG_TRAIN_OPTIONS_PRESET_H

#include "base/choices.h"
#include "train/options/trainer_options.h"

typedef struct sg_preset {
    const char *name;    /* "stylegan3-t" */
    const char *meaning; /* for people: lines of at most 62 characters */
    sg_family family;
    double kimg;            /* length of the training, thousands of images */
    bool tracks_magnitudes; /* a decay of magnitudes that follows from the batch (StyleGAN3) */
    bool wide_generator;    /* the generator has twice the channels that are asked for */
    bool fades_blur;        /* images are blurred at the start (StyleGAN3's configuration R) */
    bool fits;              /* what is not given is chosen by data, machine and time */
    bool exact_gamma;       /* gamma is the published rule of thumb without its floor of 1 */
    /* Sets what differs from StyleGAN2; NULL: nothing does. */
    void (*set)(sg_trainer_options *options);
} sg_preset;

/* The presets, the default one first. */
extern const sg_preset sg_presets[];
extern const size_t sg_preset_count;

/* Returns the preset of that name, or NULL. */
const sg_preset *sg_preset_find(const char *name);

/* Returns the first preset whose networks have this config, as far as a config tells. */
const sg_preset *sg_preset_of(const sg_generator_config *config);

/* Their names, in the same order. */
extern const sg_choices sg_preset_choices;

/*
 * Returns the preset's values without regard to the data: batch, rates, channels, group of the
 * minibatch standard deviation, gamma and ema_kimg may be SG_FOLLOWS. For growing networks batch
 * and rates always are: the schedule has them for each resolution.
 */
sg_trainer_options sg_preset_options(const sg_preset *preset);

#endif
