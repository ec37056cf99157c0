/*
 * What the tensors of StyleGAN2 are called in stylegan2-pytorch by rosinality, and how they lie
 * there: for reading and for writing.
 */
#ifndef SG_CHECKPOINT_MAPS_ROSINALITY_NAMES_H
#define SG_CHECKPOINT_MAPS_ROSINALITY_NAMES_H

#include "nn/parameter.h"

enum { SG_ROSINALITY_MOST_RANK = 5 };

/* A tensor by both its names. */
typedef struct sg_rosinality_name {
    char official[SG_PARAMETER_NAME_BYTES];
    char foreign[SG_PARAMETER_NAME_BYTES];
    int rank;     /* of the official one */
    int leading;  /* axes of size 1 in front there, which the official one lacks */
    int trailing; /* and behind */
    double scale; /* of the numbers there: 4 for filters that hold the gain of upsampling, else 1 */
} sg_rosinality_name;

/* A list of them. */
typedef struct sg_rosinality_names {
    sg_rosinality_name *items;
    size_t count, capacity;
    bool failed; /* memory ran out; the list is not whole */
} sg_rosinality_names;

/*
 * Appends the names of a generator or a residual discriminator of this resolution, 4 or more,
 * resampling filters included.
 */
void sg_rosinality_generator_names(int resolution, int mapping_layers, sg_rosinality_names *names);
void sg_rosinality_discriminator_names(int resolution, sg_rosinality_names *names);

/* Frees the list. */
void sg_rosinality_names_clear(sg_rosinality_names *names);

#endif
