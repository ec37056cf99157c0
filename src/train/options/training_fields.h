/*
 * The options of a training, one row each: the options of `stylegan train`, the members of the
 * public sg_training_options, the fields of training_options.json, and their ranges and help.
 */
#ifndef SG_TRAIN_OPTIONS_TRAINING_FIELDS_H
#define SG_TRAIN_OPTIONS_TRAINING_FIELDS_H

#include "base/fields.h"
#include "train/options/run_options.h"

/* Who reads a row (sg_field.audience): a row without a bit has an effect on every run. */
enum {
    SG_READ_NEW = 1,          /* every new run; a resumed one has the value from its folder */
    SG_READ_GROWING = 2,      /* networks that grow */
    SG_READ_MAPPING = 4,      /* generators with a mapping network */
    SG_READ_PATHS = 8,        /* the same: paths start at mapped latents */
    SG_READ_STDDEV = 16,      /* discriminators with a minibatch standard deviation */
    SG_READ_NORM = 32,        /* discriminators with normalisation */
    SG_READ_PENALTY = 64,     /* the loss wgan-gp */
    SG_READ_CLIPPING = 128,   /* the loss wgan */
    SG_READ_MEAN = 512,       /* optimisers that keep a mean of gradients: Adam, Ranger */
    SG_READ_G_BLOCKS = 1024,  /* generators whose blocks are joined in several ways */
    SG_READ_D_BLOCKS = 2048,  /* such discriminators */
    SG_READ_NOISE = 4096,     /* generators that have noise inputs by default */
    SG_READ_EQUALISED = 8192, /* networks with equalised learning rates */
    SG_READ_CONSTANT = 16384, /* generators that start at a constant and need not */
    SG_READ_FILTER = 32768,   /* generators with a filter that resamples */
    SG_READ_AUGMENT = 65536,  /* trainings with augmentation */
    SG_READ_ADA = 131072,     /* trainings with adaptive augmentation */
    SG_READ_FIT = 262144,     /* the preset fit, which chooses by the time */
    SG_READ_TOP_K = 524288,   /* trainings whose generator learns from the best pictures alone */
    SG_READ_FADING = 1048576, /* trainings with instance noise, which fades */
    SG_READ_PAIR = 2097152, /* trainings of a generator against a discriminator, not a classifier */
    SG_READ_ENCODER = 4194304, /* trainings of encoders */
    SG_READ_NADA = 8388608,    /* trainings of a generator that is moved to another domain */
    SG_READ_MAPPER = 16777216, /* trainings of mappers */
    SG_READ_RESUMING = 256,    /* no row: what a resumed run reads besides rows without bits */
    SG_READ_OF_PAIRS = SG_READ_PAIR | SG_READ_GROWING | SG_READ_MAPPING | SG_READ_PATHS |
                       SG_READ_STDDEV | SG_READ_PENALTY | SG_READ_CLIPPING | SG_READ_G_BLOCKS |
                       SG_READ_NOISE | SG_READ_CONSTANT | SG_READ_ADA | SG_READ_TOP_K
    /* no row: all that a classifier has no use for */
};

/* The rows about sg_run_options: those of training_options.json in its order and then those that
 * only options have; in `sg_training_table` followed by those of growing networks. */
extern const sg_field_table sg_training_table;
extern const sg_field_table sg_saved_training_table;

/* The rows about sg_growing_schedule, the object "growing" of training_options.json. */
extern const sg_field_table sg_growing_table;

/* Tells whether a member of sg_run_options was given. */
#define SG_TRAINING_GIVEN(given, member)                                                           \
    SG_IS_GIVEN(&sg_training_table, given, sg_run_options, member)

/* Copies to `options` what a resumed run does not take from its folder. */
void sg_training_copy_resumed(const sg_run_options *values, const sg_given *given,
                              sg_run_options *options);

/* Returns the bits of those who read options of a training with `trainer`'s networks and loss. */
unsigned sg_training_audience(const sg_trainer_options *trainer);

/* Gives what follows from a given value alone: the kimg at each resolution are those of a fade too,
 * unless fades have a length of their own. */
void sg_training_follow(sg_run_options *values, sg_given *given);

/*
 * Checks what was given without regard to the preset: that data and folder are named, that nothing
 * is resumed and initialised at once. Fails with SG_ERROR_ARGUMENT.
 */
sg_status sg_training_check_given(const sg_run_options *values, const sg_given *given,
                                  sg_error *error);

#endif
