/*
 * The current level of detail of networks that grow (Karras et al. 2017, section 2): at `lod` 0 a
 * network works at its full resolution, each further 1 halves it, and between whole numbers two
 * resolutions are blended. The level is a buffer of the network, so files and copies carry it.
 */
#ifndef SG_MODELS_LEVEL_H
#define SG_MODELS_LEVEL_H

#include "nn/parameter.h"

/* A level of detail as blocks and blending. */
typedef struct sg_level {
    int halvings; /* of the full resolution: how many of the largest blocks do not work yet */
    double share; /* of the next smaller resolution in the blend; 0: no blend */
} sg_level;

/* Returns the number of blocks from 4 to `resolution`, each twice as large as the one before. */
int sg_block_count(int resolution);

/* Returns the meaning of `lod`, clamped to its range, for a network of this resolution. */
sg_level sg_level_of(int resolution, double lod);

/* Returns the resolution at `lod`. */
int sg_level_resolution(int resolution, double lod);

/* Sets the buffer of that name, if there is one; returns its value, 0 without one. */
void sg_level_set(sg_parameter_set *set, const char *name, double lod);
double sg_level_get(const sg_parameter_set *set, const char *name);

#endif
