/* Transforms that move and turn a whole picture. */
#ifndef SG_LATENT_TRANSFORM_H
#define SG_LATENT_TRANSFORM_H

#include "models/generator.h"

/* A turn against the clock, then a move to the right and downwards, in shares of the side. */
typedef struct sg_transform {
    double x, y, degrees;
} sg_transform;

/* True if the transform changes nothing. */
bool sg_transform_is_identity(const sg_transform *transform);

/* Computes the inverse as a matrix in rows, for sg_generator_set_transform. */
void sg_transform_invert(const sg_transform *transform, double inverse[9]);

#endif
