/* Names of noise modes. */
#ifndef SG_NN_NOISE_MODE_H
#define SG_NN_NOISE_MODE_H

#include "base/choices.h"
#include "stylegan.h"

/* The names of sg_noise_mode: "const", "random", "none". */
extern const sg_choices sg_noise_modes;

/* Returns the name of a mode. */
const char *sg_noise_mode_name(sg_noise_mode mode);

#endif
