/*
 * NumPy's legacy RandomState: MT19937 (Matsumoto and Nishimura 1998) with the 2002 seeding by one
 * integer, 53-bit doubles from two outputs, and the polar method (Marsaglia and Bray 1964).
 * Products are in NumPy's order, on which the last bit of every normal depends.
 */
#include "base/numpy_random.h"

#include <math.h>

#define STATE_WORDS 624
#define STATE_SHIFT 397
#define TWIST_MATRIX 0x9908b0dfu
#define UPPER_BIT 0x80000000u
#define LOWER_BITS 0x7fffffffu

void sg_numpy_random_seed(sg_numpy_random *random, uint32_t seed)
{
    uint32_t word = seed;
    for (uint32_t i = 0; i < STATE_WORDS; i++) {
        random->state[i] = word;
        word = 1812433253u * (word ^ (word >> 30)) + i + 1;
    }
    random->position = STATE_WORDS;
    random->has_spare = false;
    random->spare = 0.0;
}

static void refill_state(uint32_t state[STATE_WORDS])
{
    for (int i = 0; i < STATE_WORDS; i++) {
        uint32_t mixed = (state[i] & UPPER_BIT) | (state[(i + 1) % STATE_WORDS] & LOWER_BITS);
        uint32_t twist = (mixed & 1) != 0 ? TWIST_MATRIX : 0;
        state[i] = state[(i + STATE_SHIFT) % STATE_WORDS] ^ (mixed >> 1) ^ twist;
    }
}

static uint32_t next_word(sg_numpy_random *random)
{
    if (random->position == STATE_WORDS) {
        refill_state(random->state);
        random->position = 0;
    }
    uint32_t word = random->state[random->position++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680u;
    word ^= (word << 15) & 0xefc60000u;
    word ^= word >> 18;
    return word;
}

double sg_numpy_random_uniform(sg_numpy_random *random)
{
    uint32_t high = next_word(random) >> 5;
    uint32_t low = next_word(random) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

double sg_numpy_random_normal(sg_numpy_random *random)
{
    if (random->has_spare) {
        random->has_spare = false;
        return random->spare;
    }
    double x;
    double y;
    double square;
    do {
        x = 2.0 * sg_numpy_random_uniform(random) - 1.0;
        y = 2.0 * sg_numpy_random_uniform(random) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    double factor = sqrt(-2.0 * log(square) / square);
    random->spare = factor * x;
    random->has_spare = true;
    return factor * y;
}

/* Draws a number from 0 to `largest`: words under the smallest mask that covers it, until one is
 * not too large. */
static uint32_t next_index(sg_numpy_random *random, uint32_t largest)
{
    uint32_t mask = largest;
    for (int shift = 1; shift < 32; shift *= 2)
        mask |= mask >> shift;
    uint32_t index;
    do {
        index = next_word(random) & mask;
    } while (index > largest);
    return index;
}

/* Fisher and Yates's shuffle, from the end. */
void sg_numpy_random_shuffle(sg_numpy_random *random, size_t *values, size_t count)
{
    for (size_t i = count; i-- > 1;) {
        const size_t other = next_index(random, (uint32_t)i);
        const size_t value = values[i];
        values[i] = values[other];
        values[other] = value;
    }
}
