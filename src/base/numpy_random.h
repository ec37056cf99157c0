/*
 * NumPy's legacy RandomState, exactly: MT19937 seeded by init_by_array as numpy does for an
 * integer seed (init_genrand), doubles from 53 bits, normals by Marsaglia's polar method with
 * the second of each pair kept. The official programs draw z with RandomState(seed).randn.
 */
#ifndef SG_BASE_NUMPY_RANDOM_H
#define SG_BASE_NUMPY_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sg_numpy_random {
    uint32_t state[624];
    int position;
    bool has_spare;
    double spare; /* the second normal of a pair */
} sg_numpy_random;

/* RandomState(seed). */
void sg_numpy_random_seed(sg_numpy_random *random, uint32_t seed);

/* randn(): one standard normal number. */
double sg_numpy_random_normal(sg_numpy_random *random);

/* random_sample(): one number in [0, 1). */
double sg_numpy_random_uniform(sg_numpy_random *random);

/* shuffle(): puts `count` values, 2^32 at most, in a random order. */
void sg_numpy_random_shuffle(sg_numpy_random *random, size_t *values, size_t count);

#endif
