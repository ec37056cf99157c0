/*
 * What the parts of a trainer share: trainer.c holds it together, phases.c has the phases' bodies,
 * draw.c what they draw at random, stage.c what a step of a growing network trains with. Internal
 * to this layer; the way in is train/step/trainer.h.
 */
#ifndef SG_TRAIN_STEP_TRAINER_PARTS_H
#define SG_TRAIN_STEP_TRAINER_PARTS_H

#include "base/random.h"
#include "optim/gradients.h"
#include "train/step/trainer.h"

struct sg_trainer {
    sg_context *context;
    sg_trainer_options options;
    sg_generator *generator, *average;
    sg_discriminator *discriminator;
    sg_optimiser *g_optimiser, *d_optimiser;
    sg_trainable_list g_trainable, d_trainable;
    double *label_thresholds; /* [c_dim]: the running share of the classes up to each */
    sg_path_length path;
    uint64_t steps, images, random_round;
    sg_growing_stage stage; /* of the last step, or of the first */
    uint64_t stage_images;  /* how many images had been seen when it was taken */
    int part, samples;      /* of the batch: the part at work, and how many samples each part has */
};

/*
 * With a regulariser only every interval-th step, one step makes (interval + 1) / interval times as
 * many updates: the power to which betas are taken, and the factor of the rate, that keep their
 * effect per image (Karras et al. 2020, appendix B). Interval 0 stands for no phase of its own.
 */
double sg_lazy_share(int interval);

/*
 * Takes the stage that is due before a step: lod of the networks, batch, rates. Optimisers start
 * anew where layers come or go.
 */
void sg_stage_enter(sg_trainer *trainer);

/* The size of the pictures that are trained on. */
int64_t sg_stage_height(const sg_trainer *trainer);
int64_t sg_stage_width(const sg_trainer *trainer);

/* Takes the stage after `images` images, leaving the optimisers' moments alone. */
void sg_stage_restore(sg_trainer *trainer, uint64_t images);

/* Which numbers a random stream is for: the top byte of the stream's number. */
typedef enum sg_draw_purpose {
    SG_DRAW_LATENTS = 0x11,
    SG_DRAW_LABELS,
    SG_DRAW_MIXING,
    SG_DRAW_MIXED_LATENTS,
    SG_DRAW_NOISE,
    SG_DRAW_PATH_NOISE,
    SG_DRAW_MIXES
} sg_draw_purpose;

/* The stream for one purpose in this step's phase. */
sg_random sg_draw_stream(const sg_trainer *trainer, sg_draw_purpose what, sg_phase phase);

/* Standard normal numbers times `scale`. */
sg_tensor *sg_draw_normal(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, sg_shape shape,
                          double scale);

/* One-hot labels [samples, c_dim] drawn as the data set has them; NULL when unconditional. */
sg_tensor *sg_draw_labels(sg_trainer *trainer, sg_phase phase, int samples);

/* How far on the way from a real to a generated picture each sample's mix is, [samples, 1, 1, 1],
 * uniform in [0, 1). */
sg_tensor *sg_draw_mixes(sg_trainer *trainer, sg_phase phase, int samples);

/* A batch of w, [samples, num_ws, w_dim], with mixed styles; moves w_avg when `track`. */
sg_tensor *sg_draw_ws(sg_trainer *trainer, sg_phase phase, int samples, sg_tensor *labels,
                      bool track);

/* The generator's pictures for `ws`; moves the averages of magnitudes when `track`. */
sg_tensor *sg_draw_pictures(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, bool track);

/*
 * The body of a phase on the present part of the batch: gathers gradients in the network's list.
 * `reals` and `labels` are NULL in the generator's phases. Failures are in the context.
 */
void sg_phase_run(sg_trainer *trainer, sg_phase phase, sg_tensor *reals, sg_tensor *labels,
                  sg_statistics *statistics);

#endif
