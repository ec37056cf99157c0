/* Losses of an encoder's codes (Richardson et al. 2021, section 3; Tov et al. 2021, section 4). */
#ifndef SG_TRAIN_LOSSES_ENCODING_H
#define SG_TRAIN_LOSSES_ENCODING_H

#include "tensor/tape.h"

/* Returns the mean over samples of the norm of codes [N, L, C], which are relative to the mean of
 * w. */
sg_tensor *sg_loss_code_norm(sg_tensor *codes);

/* Returns the sum over codes 1 to `stage` (at most L - 1) of [N, L, C] of the mean over samples of
 * the norm of their difference from code 0. */
sg_tensor *sg_loss_code_delta(sg_tensor *codes, int stage);

#endif
