/*
 * What the phases of a step draw at random. Each number is a function of the seed, its purpose, the
 * phase, the step and the part of the batch.
 */
#ifndef SG_TRAIN_STEP_DRAW_H
#define SG_TRAIN_STEP_DRAW_H

#include "base/random.h"
#include "train/step/trainer_state.h"

/* What a random stream is for: the top byte of the stream's number. */
typedef enum sg_draw_purpose {
    SG_DRAW_LATENTS = 0x11,
    SG_DRAW_LABELS,
    SG_DRAW_MIXING,
    SG_DRAW_MIXED_LATENTS,
    SG_DRAW_NOISE,
    SG_DRAW_PATH_NOISE,
    SG_DRAW_MIXES
} sg_draw_purpose;

/* Draws a tensor of standard normal numbers times `scale`. All tensors here are f32, owned by the
 * innermost scope; NULL (error in the context) on failure. */
sg_tensor *sg_draw_normal(sg_trainer *trainer, sg_draw_purpose what, sg_phase phase, sg_shape shape,
                          double scale);

/* Draws one-hot labels [samples, c_dim] with the frequencies of the data set; NULL when
 * unconditional. */
sg_tensor *sg_draw_labels(sg_trainer *trainer, sg_phase phase, int samples);

/* Draws how far each mixed picture is from the real to the generated one: [samples, 1, 1, 1],
 * uniform in [0, 1). */
sg_tensor *sg_draw_mixes(sg_trainer *trainer, sg_phase phase, int samples);

/* Draws a batch of w, [samples, num_ws, w_dim], with mixed styles; moves w_avg when `track`. */
sg_tensor *sg_draw_ws(sg_trainer *trainer, sg_phase phase, int samples, sg_tensor *labels,
                      bool track);

/* Returns the generator's pictures for `ws`; moves the averages of magnitudes when `track`. */
sg_tensor *sg_draw_pictures(sg_trainer *trainer, sg_phase phase, sg_tensor *ws, bool track);

#endif
