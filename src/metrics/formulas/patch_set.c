/*
 * Patches of pictures' pyramids; see patch_set.h.
 * Tested by: tests/metrics/formulas/test_sliced_wasserstein.c
 */
#include "metrics/formulas/patch_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

enum { MARGIN = SG_PATCH_SIDE / 2 };

static size_t level_pixels(const sg_laplacian_shape *shape, size_t level)
{
    return shape->height[level] * shape->width[level];
}

static bool make_level(sg_patch_set *set, size_t level)
{
    sg_patch_level *made = &set->levels[level];
    const size_t pixels = level_pixels(&set->shape, level);
    size_t patches = 0;
    size_t values = 0;
    if (!sg_size_multiply(set->pictures, set->patches, &patches))
        return false;
    made->whole = SG_PATCH_CHANNELS * pixels < set->patches * SG_PATCH_VALUES;
    if (!(made->whole ? sg_size_multiply(set->pictures, SG_PATCH_CHANNELS * pixels, &values)
                      : sg_size_multiply(patches, SG_PATCH_VALUES, &values)))
        return false;
    made->values = sg_allocate(values, sizeof *made->values);
    made->places = sg_allocate(made->whole ? patches : 1, sizeof *made->places);
    return made->values && made->places;
}

sg_status sg_patch_set_create(size_t height, size_t width, size_t pictures, size_t patches,
                              sg_patch_set **set, sg_error *error)
{
    sg_laplacian_shape shape;
    *set = NULL;
    SG_TRY(sg_laplacian_find(height, width, &shape, error));
    sg_patch_set *made = sg_allocate(1, sizeof *made);
    if (!made)
        return sg_fail_memory(error, "the patches of pictures");
    *made = (sg_patch_set){.shape = shape, .pictures = pictures, .patches = patches};
    made->pyramid = sg_allocate(sg_laplacian_pixels(&shape), sizeof *made->pyramid);
    made->scratch = sg_allocate(height * width, 4 * sizeof *made->scratch);
    bool complete = made->pyramid && made->scratch;
    for (size_t i = 0; i < shape.levels && complete; i++)
        complete = make_level(made, i);
    if (!complete) {
        sg_patch_set_destroy(made);
        return sg_fail_memory(error, "the patches of %zu pictures of %zux%zu pixels", pictures,
                              width, height);
    }
    *set = made;
    return SG_OK;
}

void sg_patch_set_destroy(sg_patch_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->shape.levels; i++) {
        free(set->levels[i].values);
        free(set->levels[i].places);
    }
    free(set->pyramid);
    free(set->scratch);
    free(set);
}

void sg_patch_set_draw(const sg_patch_set *set, sg_random *random, sg_patch_place *places)
{
    for (size_t i = 0; i < set->shape.levels; i++)
        for (size_t k = 0; k < set->patches; k++) {
            const uint64_t columns = set->shape.width[i] - 2 * MARGIN;
            const uint64_t rows = set->shape.height[i] - 2 * MARGIN;
            const uint64_t place = sg_random_below(random, columns * rows);
            places[i * set->patches + k] = (sg_patch_place){MARGIN + (uint32_t)(place % columns),
                                                            MARGIN + (uint32_t)(place / columns)};
        }
}

static sg_status check(const sg_patch_set *set, size_t channels, const sg_patch_place *places,
                       sg_error *error)
{
    if (set->count == set->pictures)
        return sg_fail(error, SG_ERROR_ARGUMENT, "there are more than %zu pictures", set->pictures);
    if (channels != 1 && channels != SG_PATCH_CHANNELS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "pictures have %zu channels, but must have 1 or %d", channels,
                       SG_PATCH_CHANNELS);
    for (size_t i = 0; i < set->shape.levels * set->patches; i++) {
        const size_t level = i / set->patches;
        if (places[i].x < MARGIN || places[i].x + MARGIN >= set->shape.width[level] ||
            places[i].y < MARGIN || places[i].y + MARGIN >= set->shape.height[level])
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "a patch at (%u, %u) does not lie in %zux%zu pixels", places[i].x,
                           places[i].y, set->shape.width[level], set->shape.height[level]);
    }
    return SG_OK;
}

/* Copies a channel's part of a patch, columns one after the other, from a plane. */
static void copy_patch(const float *plane, size_t width, sg_patch_place place, float *values)
{
    const float *corner = plane + (place.y - MARGIN) * width + place.x - MARGIN;
    for (size_t x = 0; x < SG_PATCH_SIDE; x++)
        for (size_t y = 0; y < SG_PATCH_SIDE; y++)
            values[x * SG_PATCH_SIDE + y] = corner[y * width + x];
}

/* Keeps what a channel of a level gives for picture set->count. */
static void keep_plane(sg_patch_set *set, size_t level, size_t channel, const float *plane,
                       const sg_patch_place *places)
{
    sg_patch_level *kept = &set->levels[level];
    const size_t pixels = level_pixels(&set->shape, level);
    const size_t first = set->count * set->patches;
    const size_t values = SG_PATCH_SIDE * SG_PATCH_SIDE;
    if (kept->whole) {
        memcpy(kept->values + (set->count * SG_PATCH_CHANNELS + channel) * pixels, plane,
               pixels * sizeof *plane);
        memcpy(kept->places + first, places, set->patches * sizeof *places);
        return;
    }
    for (size_t k = 0; k < set->patches; k++)
        copy_patch(plane, set->shape.width[level], places[k],
                   kept->values + (first + k) * SG_PATCH_VALUES + channel * values);
}

sg_status sg_patch_set_add(sg_patch_set *set, const float *planes, size_t channels,
                           const sg_patch_place *places, sg_error *error)
{
    SG_TRY(check(set, channels, places, error));
    for (size_t c = 0; c < SG_PATCH_CHANNELS; c++) {
        const float *level = set->pyramid;
        if (c < channels)
            sg_laplacian_compute(&set->shape, planes + c * level_pixels(&set->shape, 0),
                                 set->scratch, set->pyramid);
        for (size_t i = 0; i < set->shape.levels; i++) {
            keep_plane(set, i, c, level, places + i * set->patches);
            level += level_pixels(&set->shape, i);
        }
    }
    set->count++;
    return SG_OK;
}

void sg_patch_set_get(const sg_patch_set *set, size_t level, size_t index,
                      float values[SG_PATCH_VALUES])
{
    const sg_patch_level *kept = &set->levels[level];
    const size_t pixels = level_pixels(&set->shape, level);
    if (!kept->whole) {
        memcpy(values, kept->values + index * SG_PATCH_VALUES, SG_PATCH_VALUES * sizeof *values);
        return;
    }
    const float *picture = kept->values + index / set->patches * SG_PATCH_CHANNELS * pixels;
    for (size_t c = 0; c < SG_PATCH_CHANNELS; c++)
        copy_patch(picture + c * pixels, set->shape.width[level], kept->places[index],
                   values + c * SG_PATCH_SIDE * SG_PATCH_SIDE);
}
