/* The exponential moving average of a generator's weights (Karras et al. 2017, appendix A.1). */
#ifndef SG_OPTIM_EMA_H
#define SG_OPTIM_EMA_H

#include "nn/parameter.h"

/*
 * Returns the decay of one step of `batch` images: weights count half after `half_life_kimg`
 * thousand images, or after `rampup` times the images seen so far if that is fewer (0: no ramp).
 */
double sg_ema_decay(double batch, double half_life_kimg, double rampup, double images_seen);

/* Sets average = current + (average - current) * decay for trainable tensors; copies buffers. */
void sg_ema_update(sg_parameter_set *average, const sg_parameter_set *current, double decay);

#endif
