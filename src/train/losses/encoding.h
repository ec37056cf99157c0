/* The loss of an encoder's codes (Richardson et al. 2021, section 3). */
#ifndef SG_TRAIN_LOSSES_ENCODING_H
#define SG_TRAIN_LOSSES_ENCODING_H

#include "tensor/tape.h"

/* Returns the mean over samples of the norm of codes [N, L, C], which are relative to the mean of
 * w. */
sg_tensor *sg_loss_code_norm(sg_tensor *codes);

#endif
