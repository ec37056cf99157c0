/*
 * One step of training, phase by phase (Karras et al. 2020, sections 2-3 and appendix B; 2021,
 * appendix G): main and regularisation phases of generator and discriminator, their optimisers,
 * moving average.
 *
 * Every random number is a function of (seed, purpose, phase, step, part), so that a step does not
 * depend on earlier draws.
 */
#ifndef SG_TRAIN_STEP_TRAINER_H
#define SG_TRAIN_STEP_TRAINER_H

#include "features/tape/lpips_tape.h"
#include "models/encoder/encoder.h"
#include "models/generator.h"
#include "models/mapper/mapper.h"
#include "train/options/trainer_options.h"
#include "train/step/ada.h"
#include "train/step/latent_judge.h"
#include "train/step/nada_goal.h"
#include "train/step/statistics.h"

typedef struct sg_trainer sg_trainer;

/* The labels of a data set, from which those of generated images are drawn; plain data. */
typedef struct sg_label_shares {
    size_t rows;            /* labels that occur */
    const float *values;    /* [rows, c_dim], which must outlive the trainer; NULL: one-hot rows of
                               c_dim classes */
    const uint64_t *counts; /* [rows]: how often each occurs */
} sg_label_shares;

/*
 * Creates networks with initial weights and optimisers without steps. `labels` NULL stands for
 * classes that occur equally often. Returns NULL (error in the context) on failure.
 */
sg_trainer *sg_trainer_create(sg_context *context, const sg_trainer_options *options,
                              const sg_label_shares *labels);
void sg_trainer_destroy(sg_trainer *trainer);

/* The networks and optimisers of a trainer, borrowed. */
typedef struct sg_trainer_networks {
    sg_generator *generator, *average; /* the trained one and its moving average; NULL where a
                                          classifier is trained */
    sg_discriminator *discriminator;   /* or the classifier */
    sg_discriminator *d_average;       /* the classifier's moving average; otherwise NULL */
    sg_encoder *encoder;               /* trained in place of all above, which are NULL; or NULL */
    sg_mapper *mapper;                 /* the same */
    sg_generator *painter;             /* that is moved, or whose w the encoder tells, and ... */
    sg_discriminator *judge;           /* ... the discriminator of its pictures, or NULL */
    sg_latent_judge *latent_judge;     /* that of w, or NULL */
    const sg_nada_goal *goal;          /* what a generator is moved to, or NULL */
    sg_optimiser *g_optimiser, *d_optimiser;
} sg_trainer_networks;

sg_trainer_networks sg_trainer_networks_of(const sg_trainer *trainer);

/* Gives LPIPS (NULL: none) to the trainer of an encoder, which closes it. */
void sg_trainer_take_lpips(sg_trainer *trainer, sg_lpips_tape *lpips);

/* Gives what a generator is moved to to its trainer, which closes it. */
void sg_trainer_take_goal(sg_trainer *trainer, sg_nada_goal *goal);

/*
 * Runs one phase and its optimiser step at the present stage. `reals` [batch, H, W, C] and `labels`
 * [batch, c_dim] (NULL when unconditional) are f32; the generator's phases read neither, except
 * Gmain under a loss of pairs.
 */
sg_status sg_trainer_run_phase(sg_trainer *trainer, sg_phase phase, const float *reals,
                               const float *labels, sg_statistics *statistics);

/* Returns memory to the system after a regulariser, whose blocks have other sizes than those of the
 * main phases. */
void sg_trainer_trim(sg_trainer *trainer, sg_phase phase);

/*
 * Returns the stage of the next step: its batch, rates, and the resolution that its real pictures
 * must have. It never changes unless the networks grow.
 */
sg_growing_stage sg_trainer_stage(const sg_trainer *trainer);

/* Tells whether the networks grow by a schedule. */
bool sg_trainer_grows(const sg_trainer *trainer);

/* Tells whether the strength of augmentation changes from step to step. */
bool sg_trainer_adapts(const sg_trainer *trainer);

/* Returns the probability of each augmentation in the next step; 0: none happens. */
double sg_trainer_augment_p(const sg_trainer *trainer);

/* Returns the level of detail of the last step; 0 unless the networks grow. */
double sg_trainer_lod(const sg_trainer *trainer);

/*
 * Runs all phases that are due, updates the moving average and counts the step. `reals` and
 * `labels` have the batch and resolution of the stage; real pictures are not faded yet.
 */
sg_status sg_trainer_step(sg_trainer *trainer, const float *reals, const float *labels,
                          sg_statistics *statistics);

/*
 * Adds the scores of real pictures that are not trained on to the statistics, augmented as those
 * that are; of a classifier, what its average says of the pictures as they are. `reals` [samples,
 * H, W, C] and `labels` are as those of a step; `part` numbers the calls between two steps, which
 * then have random numbers of their own.
 */
sg_status sg_trainer_score(sg_trainer *trainer, const float *reals, const float *labels,
                           int samples, int part, sg_statistics *statistics);

/* The state of a training besides its networks and optimisers, for saving and resuming. */
typedef struct sg_trainer_counters {
    uint64_t steps;        /* so far */
    uint64_t images;       /* real images seen so far */
    uint64_t stage_images; /* real images seen when the present stage was entered */
    uint64_t random_round; /* part of every seed; raised after a rollback */
    double path_mean;      /* the moving average of path lengths */
    sg_ada ada;            /* strength of augmentation, and the scores since it changed */
} sg_trainer_counters;

sg_trainer_counters sg_trainer_counters_of(const sg_trainer *trainer);
void sg_trainer_set_counters(sg_trainer *trainer, const sg_trainer_counters *counters);

/* Returns how many images have been seen so far. */
uint64_t sg_trainer_images(const sg_trainer *trainer);

#endif
