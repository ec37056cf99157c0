/*
 * Seed lists and their latents.
 *
 *   list = item { "," item }      item = number [ "-" number ]
 *
 * The text is read twice: once to check it and count the seeds, once to store them, so that the
 * size is known and bounded before anything is allocated.
 */
#include "latent/seeds.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/numpy_random.h"

/* A range of seeds, both ends included. */
typedef struct seed_range {
    uint32_t first, last;
} seed_range;

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Reads digits into *value and moves *at behind them; false without digits or above 2^32-1. */
static bool read_number(const char **at, uint32_t *value)
{
    const char *text = *at;
    uint64_t number = 0;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * 10 + (uint64_t)(*text - '0');
        if (number > UINT32_MAX)
            return false;
    }
    *value = (uint32_t)number;
    *at = text;
    return true;
}

/* Reads "4" or "4-6" with blanks around, and moves *at to what follows. */
static bool read_range(const char **at, seed_range *range)
{
    const char *text = skip_blanks(*at);
    if (!read_number(&text, &range->first))
        return false;
    range->last = range->first;
    text = skip_blanks(text);
    if (*text == '-') {
        text = skip_blanks(text + 1);
        if (!read_number(&text, &range->last))
            return false;
        text = skip_blanks(text);
    }
    *at = text;
    return true;
}

/* Reads the item at *at and moves behind its comma, if one follows; *more says whether one did. */
static sg_status next_range(const char **at, seed_range *range, bool *more, sg_error *error)
{
    const char *start = skip_blanks(*at);
    const int length = (int)strnlen(start, 40);
    const int item = (int)strcspn(start, ",");
    const int shown = item < length ? item : length;
    if (!read_range(at, range) || (**at != ',' && **at != '\0'))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"%.*s\" in the list of seeds is not a number from 0 to %" PRIu32
                       " or a range of two such as 4-6",
                       shown, start, UINT32_MAX);
    if (range->first > range->last)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the range \"%.*s\" in the list of seeds must go from the smaller number "
                       "to the larger",
                       shown, start);
    *more = **at == ',';
    *at += *more;
    return SG_OK;
}

static sg_status count_seeds(const char *text, size_t *count, sg_error *error)
{
    uint64_t total = 0;
    bool more = true;
    while (more) {
        seed_range range = {0, 0};
        const sg_status status = next_range(&text, &range, &more, error);
        if (status)
            return status;
        total += (uint64_t)range.last - range.first + 1;
        if (total > SG_SEEDS_LIMIT)
            return sg_fail(error, SG_ERROR_ARGUMENT, "the list of seeds names more than %d seeds",
                           SG_SEEDS_LIMIT);
    }
    *count = (size_t)total;
    return SG_OK;
}

sg_status sg_seeds_parse(const char *text, sg_seed_list *seeds, sg_error *error)
{
    size_t count = 0;
    *seeds = (sg_seed_list){NULL, 0};
    if (*skip_blanks(text) == '\0')
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the list of seeds is empty; it should be numbers and ranges such as "
                       "0,1,4-6");
    const sg_status status = count_seeds(text, &count, error);
    if (status)
        return status;
    seeds->values = sg_allocate(count, sizeof *seeds->values);
    if (!seeds->values)
        return sg_fail(error, SG_ERROR_MEMORY, "out of memory for %zu seeds", count);
    while (seeds->count < count) {
        seed_range range = {0, 0};
        bool more = false;
        (void)next_range(&text, &range, &more, NULL);
        for (uint64_t seed = range.first; seed <= range.last; seed++)
            seeds->values[seeds->count++] = (uint32_t)seed;
    }
    return SG_OK;
}

void sg_seeds_clear(sg_seed_list *seeds)
{
    free(seeds->values);
    *seeds = (sg_seed_list){NULL, 0};
}

void sg_seed_latent(uint32_t seed, size_t width, float *z)
{
    sg_numpy_random random;
    sg_numpy_random_seed(&random, seed);
    for (size_t i = 0; i < width; i++)
        z[i] = (float)sg_numpy_random_normal(&random);
}
