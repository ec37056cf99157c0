/* The random numbers of seeds: latent vectors, and the noise of pictures. */
#ifndef SG_LATENT_SEEDS_H
#define SG_LATENT_SEEDS_H

#include "base/random.h"

/*
 * Draws the latent vector z [width] of a seed: NumPy's RandomState(seed).randn(1, width) rounded to
 * float, as in the official programs.
 */
void sg_seed_latent(uint32_t seed, size_t width, float *z);

/* Returns the stream of a seed's noise. */
sg_random sg_seed_noise(uint32_t seed);

#endif
