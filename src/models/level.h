/*
 * The current level of detail of networks that grow (Karras et al. 2017, section 2): at `lod` 0 a
 * network works at its full resolution, each 1 more halves it, and in between the two resolutions
 * are blended. It is a buffer of the network, so that files and copies carry it.
 */
#ifndef SG_MODELS_LEVEL_H
#define SG_MODELS_LEVEL_H

#include "nn/parameter.h"

/* What a network does at a level of detail. */
typedef struct sg_level {
    int halvings; /* of the full resolution: how many of the largest blocks are not there yet */
    double share; /* of the next smaller resolution in the blend; 0: there is no blend */
} sg_level;

/* Blocks from 4 to `resolution`, each twice the size of the one before. */
int sg_block_count(int resolution);

/* What `lod` means for a network of this resolution; out of its range, the nearest in it. */
sg_level sg_level_of(int resolution, double lod);

/* The resolution at `lod`. */
int sg_level_resolution(int resolution, double lod);

/* The buffer of that name: sets it, unless there is none; its value, 0 when there is none. */
void sg_level_set(sg_parameter_set *set, const char *name, double lod);
double sg_level_get(const sg_parameter_set *set, const char *name);

#endif
