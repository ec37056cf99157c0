/*
 * NumPy's legacy RandomState, exactly: MT19937 with the seeding by one integer (init_genrand),
 * doubles of 53 bits, normals by Marsaglia's polar method with the second of each pair kept. The
 * official programs draw z with RandomState(seed).randn.
 */
#ifndef SG_BASE_NUMPY_RANDOM_H
#define SG_BASE_NUMPY_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The generator; plain data, so it can be copied. */
typedef struct sg_numpy_random {
    uint32_t state[624];
    int position; /* of the next word in `state` */
    bool has_spare;
    double spare; /* the second normal of a pair */
} sg_numpy_random;

/* Starts it as RandomState(seed). */
void sg_numpy_random_seed(sg_numpy_random *random, uint32_t seed);

/* Draws one standard normal number: randn(). */
double sg_numpy_random_normal(sg_numpy_random *random);

/* Draws one number in [0, 1): random_sample(). */
double sg_numpy_random_uniform(sg_numpy_random *random);

/* Puts `count` values, at most 2^32, in a random order: shuffle(). */
void sg_numpy_random_shuffle(sg_numpy_random *random, size_t *values, size_t count);

#endif
