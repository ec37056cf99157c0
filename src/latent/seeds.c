/* Latents come from NumPy's legacy generator, noise from a Philox stream. */
#include "latent/seeds.h"

#include "base/numpy_random.h"

enum { NOISE_STREAM = 1 /* of a seed's random numbers */ };

void sg_seed_latent(uint32_t seed, size_t width, float *z)
{
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    for (size_t i = 0; i < width; i++)
        z[i] = (float)sg_numpy_random_normal(&random);
}

sg_random sg_seed_noise(uint32_t seed)
{
    return sg_random_stream(seed, NOISE_STREAM);
}
