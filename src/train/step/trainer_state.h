/* The members of a trainer and the parts of a step, for the files that make up a step: trainer.c,
 * phases.c, draw.c and stage.c. Private to this room; train/step/trainer.h is the interface. */
#ifndef SG_TRAIN_STEP_TRAINER_STATE_H
#define SG_TRAIN_STEP_TRAINER_STATE_H

#include "base/random.h"
#include "features/tape/lpips_tape.h"
#include "models/encoder/encoder.h"
#include "models/generator.h"
#include "models/mapper/mapper.h"
#include "optim/gradients.h"
#include "train/losses/scorer.h"
#include "train/options/trainer_options.h"
#include "train/step/ada.h"
#include "train/step/latent_judge.h"
#include "train/step/nada_goal.h"
#include "train/step/statistics.h"

typedef struct sg_trainer sg_trainer;

struct sg_trainer {
    sg_context *context;
    sg_trainer_options options;
    sg_generator *generator, *average; /* NULL where a classifier is trained */
    sg_discriminator *discriminator;   /* NULL where a generator is moved */
    sg_discriminator *d_average;       /* the moving average of a classifier; otherwise NULL */
    sg_encoder *encoder;     /* trained in place of a pair, then without all above; NULL: none */
    sg_mapper *mapper;       /* trained in place of a pair; NULL: none */
    sg_generator *painter;   /* whose w the encoder or mapper tells, or that is moved; constants */
    sg_discriminator *judge; /* of the painter's pictures, for losses; NULL: none */
    sg_latent_judge *latent_judge; /* of e4e; NULL: none */
    sg_lpips_tape *lpips;          /* for losses; NULL: none */
    sg_nada_goal *goal;            /* what a generator is moved to; NULL: none */
    sg_optimiser *g_optimiser,
        *d_optimiser; /* of the one network where one is trained; the other one is NULL */
    sg_trainable_list g_trainable, d_trainable;
    size_t label_rows;         /* labels to draw from; 0 when unconditional */
    const float *label_values; /* [label_rows, c_dim], borrowed; NULL: one-hot rows */
    double *label_thresholds;  /* [label_rows]: the running share of the labels up to each */
    sg_path_length path;
    sg_ada ada; /* its p is that of every augmentation, also of a fixed one */
    uint64_t steps, images, random_round;
    sg_growing_stage stage; /* of the last step, or of the first */
    uint64_t stage_images;  /* images seen when `stage` was entered */
    int samples;            /* images in each part of a batch */
    int part;               /* of the batch that is being worked on */
};

/* ---- phases.c ---- */

/*
 * Runs the body of a phase on the present part of the batch: adds gradients to the network's list.
 * `reals` and `labels` are NULL in the generator's phases, except Gmain under a loss of pairs.
 * Failures are in the context.
 */
void sg_phase_run(sg_trainer *trainer, sg_phase phase, sg_tensor *reals, sg_tensor *labels,
                  sg_statistics *statistics);

/* ---- draw.c ---- */

/*
 * What a random stream is for: the top byte of the stream's number. Each number drawn is a function
 * of the seed, its purpose, the phase, the step and the part of the batch.
 */
typedef enum sg_draw_purpose {
    SG_DRAW_LATENTS = 0x11,
    SG_DRAW_LABELS,
    SG_DRAW_MIXING,
    SG_DRAW_MIXED_LATENTS,
    SG_DRAW_NOISE,
    SG_DRAW_PATH_NOISE,
    SG_DRAW_MIXES,
    SG_DRAW_FOR_REALS, /* augmentation of real, generated, mixed and held-out pictures */
    SG_DRAW_FOR_FAKES,
    SG_DRAW_FOR_MIXED,
    SG_DRAW_FOR_HELD_OUT,
    SG_DRAW_INPUT_NOISE,                    /* the first of four, in the order of those above */
    SG_DRAW_POOLS = SG_DRAW_INPUT_NOISE + 4 /* chances of the pools of w */
} sg_draw_purpose;

/* Draws a tensor of standard normal numbers times `scale`. All tensors here are f32, owned by the
 * innermost scope; NULL (error in the context) on failure. */
sg_tensor *sg_draw_normal(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, sg_shape shape,
                          double scale);

/* Draws labels [samples, c_dim] with the frequencies of the data set; NULL when
 * unconditional. */
sg_tensor *sg_draw_labels(sg_trainer *trainer, sg_phase phase, int samples);

/* Draws how far each mixed picture is from the real to the generated one: [samples, 1, 1, 1],
 * uniform in [0, 1). */
sg_tensor *sg_draw_mixes(sg_trainer *trainer, sg_phase phase, int samples);

/* Draws `count` numbers that are uniform in [0, 1). */
void sg_draw_chances(const sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, size_t count,
                     double *chances);

/* Draws a batch of w, [samples, num_ws, w_dim], with mixed styles; moves w_avg when `track`. */
sg_tensor *sg_draw_ws(sg_trainer *trainer, sg_phase phase, int samples, sg_tensor *labels,
                      bool track);

/* Returns the generator's pictures for `ws`; moves the averages of magnitudes when `track`. */
sg_tensor *sg_draw_pictures(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, bool track);

/*
 * Returns the discriminator with the blur and noise that remain at this step and, if the training
 * augments, with random numbers for `samples` pictures. The scorer must be closed; failures are in
 * the context.
 */
sg_scorer sg_draw_scorer(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, int samples);

/* Frees the random numbers, after the last gradient of the scores. */
void sg_scorer_close(sg_scorer *scorer);

/* ---- stage.c ---- */

/*
 * Returns c = interval / (interval + 1), or 1 for interval 0 (no phase of its own). Lazy
 * regularisation in every interval-th step makes 1 / c times as many updates: betas to the power
 * of c and c times the rate keep their effect per image (Karras et al. 2020, appendix B).
 */
double sg_lazy_share(int interval);

/*
 * Enters the stage that is due before a step: lod of the networks, batch, rates. Resets the
 * optimisers where layers come or go.
 */
void sg_stage_enter(sg_trainer *trainer);

/* Enters the stage after `images` images without touching the optimisers' moments. */
void sg_stage_restore(sg_trainer *trainer, uint64_t images);

/* Return the size of the pictures of the present stage. */
int64_t sg_stage_height(const sg_trainer *trainer);
int64_t sg_stage_width(const sg_trainer *trainer);

#endif
