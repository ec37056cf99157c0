/* The stage of growing that a trainer is in. */
#ifndef SG_TRAIN_STEP_STAGE_H
#define SG_TRAIN_STEP_STAGE_H

#include "train/step/trainer_state.h"

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
