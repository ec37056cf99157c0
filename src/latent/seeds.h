/* Seeds as users write them ("0,1,4-6"), and the latent vectors that they stand for. */
#ifndef SG_LATENT_SEEDS_H
#define SG_LATENT_SEEDS_H

#include "base/error.h"

/* The most seeds that one list may name. */
enum { SG_SEEDS_LIMIT = 1000000 };

/* Seeds in the order in which they were written; zero it before use, clear it after. */
typedef struct sg_seed_list {
    uint32_t *values; /* on the heap, owned by the list */
    size_t count;
} sg_seed_list;

/*
 * Reads numbers and ascending ranges (both ends included) separated by commas, such as "0,1,4-6";
 * blanks around them are allowed, and a seed may occur more than once. Each seed is 0 to 2^32-1.
 * Fails with SG_ERROR_ARGUMENT and a sentence that quotes the mistake, or SG_ERROR_MEMORY; the list
 * is empty then.
 */
sg_status sg_seeds_parse(const char *text, sg_seed_list *seeds, sg_error *error);

/* Frees the seeds and empties the list. */
void sg_seeds_clear(sg_seed_list *seeds);

/*
 * The latent vector of a seed: NumPy's RandomState(seed).randn(1, width) rounded to float, as the
 * official programs draw it. `z` has room for `width` values.
 */
void sg_seed_latent(uint32_t seed, size_t width, float *z);

#endif
