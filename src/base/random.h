/*
 * Randomness as a function of (seed, stream, index): Philox 4x32-10 (Salmon et al. 2011, "Parallel
 * random numbers: as easy as 1, 2, 3", section 3.3). A result depends neither on the number of
 * threads nor on what was drawn before, and a resumed run continues bit for bit.
 */
#ifndef SG_BASE_RANDOM_H
#define SG_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* A position in one stream of random numbers; plain data, so it can be saved. */
typedef struct sg_random {
    uint64_t seed;
    uint64_t stream; /* which of the seed's independent streams */
    uint64_t index;  /* how many 128-bit blocks were drawn */
} sg_random;

/* The 128 bits at (seed, stream, index): the key is the seed, the counter (index, stream). */
void sg_philox(uint64_t seed, uint64_t stream, uint64_t index, uint32_t bits[4]);

/* A stream at its start. */
sg_random sg_random_stream(uint64_t seed, uint64_t stream);

/* One number in [0, 1) with 53 random bits; advances by one block. */
double sg_random_uniform(sg_random *random);

/* One integer in 0 .. bound-1 (bound > 0), without bias; advances by one block or more. */
uint64_t sg_random_below(sg_random *random, uint64_t bound);

/* `count` standard normal numbers by Box and Muller, four to a block; advances by ceil(count/4). */
void sg_random_normal_fill(sg_random *random, float *values, size_t count);

/* Advances as a fill of `count` numbers would. */
void sg_random_normal_skip(sg_random *random, size_t count);

#endif
