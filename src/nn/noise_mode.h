/* Names of noise modes. */
#ifndef SG_NN_NOISE_MODE_H
#define SG_NN_NOISE_MODE_H

#include "stylegan.h"

/* Returns "const", "random" or "none"; the mode of a name, or -1. */
const char *sg_noise_mode_name(sg_noise_mode mode);
int sg_noise_mode_from_name(const char *name);

#endif
