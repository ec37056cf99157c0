/* The latent vectors that seeds stand for. */
#ifndef SG_LATENT_SEEDS_H
#define SG_LATENT_SEEDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The latent vector of a seed: NumPy's RandomState(seed).randn(1, width) rounded to float, as the
 * official programs draw it. `z` has room for `width` values.
 */
void sg_seed_latent(uint32_t seed, size_t width, float *z);

#endif
