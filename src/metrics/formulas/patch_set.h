/*
 * Patches of 7x7 pixels from the levels of many pictures' pyramids: the samples of the sliced
 * Wasserstein distance.
 */
#ifndef SG_METRICS_FORMULAS_PATCH_SET_H
#define SG_METRICS_FORMULAS_PATCH_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "metrics/formulas/laplacian.h"

enum {
    SG_PATCH_SIDE = 7,
    SG_PATCH_CHANNELS = 3,
    SG_PATCH_VALUES = SG_PATCH_CHANNELS * SG_PATCH_SIDE * SG_PATCH_SIDE,
    SG_PATCHES = 128 /* of a picture and level: the official number */
};

/* Where patches are: their middles, at least 3 pixels from the edges. */
typedef struct sg_patch_place {
    uint32_t x, y;
} sg_patch_place;

/* The patches of a level of all pictures. */
typedef struct sg_patch_level {
    bool whole;    /* the levels of pictures are kept, since patches would take more room */
    float *values; /* [pictures, 3, height, width], or [pictures * patches, 147] */
    sg_patch_place *places; /* [pictures * patches], of whole levels */
} sg_patch_level;

/* The patches of a set; made by sg_patch_set_create, released by sg_patch_set_destroy. */
typedef struct sg_patch_set {
    sg_laplacian_shape shape;
    size_t pictures; /* that are expected */
    size_t count;    /* of pictures so far */
    size_t patches;  /* of a picture and level */
    sg_patch_level levels[SG_LAPLACIAN_MOST_LEVELS];
    float *pyramid; /* of a plane */
    double *scratch;
} sg_patch_set;

/*
 * Makes a set for `pictures` of one size, `patches` from each level of each. Fails with
 * SG_ERROR_ARGUMENT for pictures smaller than 16x16 and with SG_ERROR_MEMORY; *set is NULL then.
 * Memory: for each picture and level the smaller of the level and its patches, in floats.
 */
sg_status sg_patch_set_create(size_t height, size_t width, size_t pictures, size_t patches,
                              sg_patch_set **set, sg_error *error);
void sg_patch_set_destroy(sg_patch_set *set);

/* Draws the places of a picture's patches, [levels, patches], from the stream. */
void sg_patch_set_draw(const sg_patch_set *set, sg_random *random, sg_patch_place *places);

/*
 * Adds a picture, planes [channels, height, width] of which there are 3, or 1 that stands for all,
 * with its patches at `places` [levels, patches]. Fails with SG_ERROR_ARGUMENT for more pictures
 * than expected, other numbers of channels, or places too near to the edges.
 */
sg_status sg_patch_set_add(sg_patch_set *set, const float *planes, size_t channels,
                           const sg_patch_place *places, sg_error *error);

/* Writes patch `index` of a level to `values` [3, 7 columns, 7 rows]. */
void sg_patch_set_get(const sg_patch_set *set, size_t level, size_t index,
                      float values[SG_PATCH_VALUES]);

#endif
