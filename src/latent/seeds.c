/* The latents of seeds, drawn by NumPy's legacy generator. */
#include "latent/seeds.h"

#include "base/numpy_random.h"

void sg_seed_latent(uint32_t seed, size_t width, float *z)
{
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    for (size_t i = 0; i < width; i++)
        z[i] = (float)sg_numpy_random_normal(&random);
}
