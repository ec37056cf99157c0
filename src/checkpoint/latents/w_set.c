/*
 * Sets of w in memory.
 *
 * Tested by: tests/checkpoint/latents/test_w_file.c
 */
#include "checkpoint/latents/w_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

void sg_w_set_clear(sg_w_set *set)
{
    free(set->values);
    *set = (sg_w_set){0};
}

const float *sg_w_set_at(const sg_w_set *set, size_t index)
{
    return set->values + index * set->num_ws * set->w_dim;
}

sg_status sg_w_set_append(sg_w_set *set, const sg_w_set *more, const char *path, sg_error *error)
{
    const size_t width = more->num_ws * more->w_dim;
    size_t count = 0;
    size_t values = 0;
    float *joined = NULL;
    if (sg_size_add(set->count, more->count, &count) && sg_size_multiply(count, width, &values))
        joined = sg_reallocate(set->values, values, sizeof *joined);
    if (!joined)
        return sg_fail_memory(error, "the w of %s", path);
    memcpy(joined + set->count * width, more->values, more->count * width * sizeof *joined);
    *set =
        (sg_w_set){count, more->num_ws, more->w_dim, joined, set->taken_whole || more->taken_whole};
    return SG_OK;
}
