/*
 * Randomness as a function of (seed, stream, index): Philox 4x32-10 (Salmon et al. 2011, "Parallel
 * random numbers: as easy as 1, 2, 3", section 3.3). A result depends neither on the number of
 * threads nor on what was drawn before, and a resumed run continues bit for bit.
 */
#ifndef SG_BASE_RANDOM_H
#define SG_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* A position in a stream of random numbers; plain data, so it can be saved. */
typedef struct sg_random {
    uint64_t seed;
    uint64_t stream; /* which of the seed's independent streams */
    uint64_t index;  /* how many 128-bit blocks were drawn */
} sg_random;

/* Computes the 128 bits at (seed, stream, index): key = seed, counter = (index, stream). */
void sg_philox(uint64_t seed, uint64_t stream, uint64_t index, uint32_t bits[4]);

/* Returns a stream at its start. */
sg_random sg_random_stream(uint64_t seed, uint64_t stream);

/* Draws a number in [0, 1) of 53 random bits; advances by one block. */
double sg_random_uniform(sg_random *random);

/* Draws an integer in 0 .. bound-1 (bound > 0), without bias; advances by one block or more. */
uint64_t sg_random_below(sg_random *random, uint64_t bound);

/* Draws `count` standard normal numbers by Box and Muller; advances by ceil(count / 4) blocks. */
void sg_random_normal_fill(sg_random *random, float *values, size_t count);

/* Advances as sg_random_normal_fill does for `count` numbers. */
void sg_random_normal_skip(sg_random *random, size_t count);

#endif
