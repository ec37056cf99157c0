/*
 * Philox 4x32-10 and the numbers drawn from it (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011, section 3.3): ten rounds of two 32x32-bit multiplications
 * whose halves are crossed and mixed with a key that grows by a Weyl constant each round.
 *
 * The 128-bit counter holds the index in its low half and the stream in its high half.
 * Normal numbers: Box and Muller 1958, from 32-bit uniforms in single precision.
 */
#include "base/random.h"

#include <assert.h>
#include <math.h>

#include "base/parallel.h"

#define PHILOX_ROUNDS 10
#define PHILOX_MULTIPLIER_0 0xD2511F53u
#define PHILOX_MULTIPLIER_1 0xCD9E8D57u
#define PHILOX_WEYL_0 0x9E3779B9u /* golden ratio */
#define PHILOX_WEYL_1 0xBB67AE85u /* sqrt(3) - 1 */

/* Blocks of four numbers worth a thread of their own: about 30 microseconds of work. */
#define NORMAL_GRAIN 1024

void sg_philox(uint64_t seed, uint64_t stream, uint64_t index, uint32_t bits[4])
{
    uint32_t key0 = (uint32_t)seed;
    uint32_t key1 = (uint32_t)(seed >> 32);
    uint32_t word0 = (uint32_t)index;
    uint32_t word1 = (uint32_t)(index >> 32);
    uint32_t word2 = (uint32_t)stream;
    uint32_t word3 = (uint32_t)(stream >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t product0 = (uint64_t)PHILOX_MULTIPLIER_0 * word0;
        uint64_t product1 = (uint64_t)PHILOX_MULTIPLIER_1 * word2;
        word0 = (uint32_t)(product1 >> 32) ^ word1 ^ key0;
        word1 = (uint32_t)product1;
        word2 = (uint32_t)(product0 >> 32) ^ word3 ^ key1;
        word3 = (uint32_t)product0;
        key0 += PHILOX_WEYL_0;
        key1 += PHILOX_WEYL_1;
    }
    bits[0] = word0;
    bits[1] = word1;
    bits[2] = word2;
    bits[3] = word3;
}

sg_random sg_random_stream(uint64_t seed, uint64_t stream)
{
    return (sg_random){.seed = seed, .stream = stream, .index = 0};
}

static uint64_t draw_64_bits(sg_random *random)
{
    uint32_t bits[4];
    sg_philox(random->seed, random->stream, random->index, bits);
    random->index++;
    return (uint64_t)bits[1] << 32 | bits[0];
}

double sg_random_uniform(sg_random *random)
{
    return (double)(draw_64_bits(random) >> 11) * 0x1p-53;
}

uint64_t sg_random_below(sg_random *random, uint64_t bound)
{
    assert(bound > 0);
    /* Rejects the lowest 2^64 mod bound values; the others give every remainder equally often. */
    uint64_t refused = (0 - bound) % bound;
    uint64_t value;
    do {
        value = draw_64_bits(random);
    } while (value < refused);
    return value % bound;
}

/* Makes two normal numbers of two words; the uniform of the radius is never 0, so its logarithm
 * is finite. */
static void box_muller(uint32_t radius_bits, uint32_t angle_bits, float pair[2])
{
    const float two_pi = 6.28318530717958647692f;
    float uniform = (float)radius_bits * 0x1p-32f + 0x1p-33f;
    float radius = sqrtf(-2.0f * logf(uniform));
    float angle = (float)angle_bits * (two_pi * 0x1p-32f);
    pair[0] = radius * cosf(angle);
    pair[1] = radius * sinf(angle);
}

typedef struct normal_job {
    sg_random start;
    float *values;
    size_t count;
} normal_job;

static void fill_normal_blocks(size_t begin, size_t end, void *argument)
{
    const normal_job *job = argument;
    for (size_t block = begin; block < end; block++) {
        uint32_t bits[4];
        float numbers[4];
        sg_philox(job->start.seed, job->start.stream, job->start.index + block, bits);
        box_muller(bits[0], bits[1], numbers);
        box_muller(bits[2], bits[3], numbers + 2);
        size_t first = block * 4;
        size_t length = job->count - first < 4 ? job->count - first : 4;
        for (size_t i = 0; i < length; i++)
            job->values[first + i] = numbers[i];
    }
}

/* Returns how many blocks hold `count` normal numbers. */
static size_t normal_blocks(size_t count)
{
    return count / 4 + (count % 4 != 0 ? 1 : 0);
}

void sg_random_normal_fill(sg_random *random, float *values, size_t count)
{
    normal_job job = {*random, values, count};
    sg_parallel_for(normal_blocks(count), NORMAL_GRAIN, fill_normal_blocks, &job);
    sg_random_normal_skip(random, count);
}

void sg_random_normal_skip(sg_random *random, size_t count)
{
    random->index += normal_blocks(count);
}
