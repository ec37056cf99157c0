/* The random numbers that seeds stand for: latent vectors, and the noise of pictures. */
#ifndef SG_LATENT_SEEDS_H
#define SG_LATENT_SEEDS_H

#include "base/random.h"

/*
 * The latent vector of a seed: NumPy's RandomState(seed).randn(1, width) rounded to float, as the
 * official programs draw it. `z` has room for `width` values.
 */
void sg_seed_latent(uint32_t seed, size_t width, float *z);

/* The random numbers of a seed's noise. */
sg_random sg_seed_noise(uint32_t seed);

#endif
