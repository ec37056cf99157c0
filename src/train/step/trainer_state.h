/* The members of a trainer, for the files that make up a step: trainer.c, phases.c, draw.c and
 * stage.c. Private to this room; train/step/trainer.h is the interface. */
#ifndef SG_TRAIN_STEP_TRAINER_STATE_H
#define SG_TRAIN_STEP_TRAINER_STATE_H

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
    uint64_t stage_images;  /* images seen when `stage` was entered */
    int samples;            /* images in each part of a batch */
    int part;               /* of the batch that is being worked on */
};

/*
 * Runs the body of a phase on the present part of the batch: adds gradients to the network's list.
 * `reals` and `labels` are NULL in the generator's phases. Failures are in the context.
 */
void sg_phase_run(sg_trainer *trainer, sg_phase phase, sg_tensor *reals, sg_tensor *labels,
                  sg_statistics *statistics);

#endif
