/* Moving and turning the picture of a StyleGAN3 as a whole. */
#ifndef SG_LATENT_TRANSFORM_H
#define SG_LATENT_TRANSFORM_H

#include "models/generator.h"

/* By shares of the picture's side to the right and downwards, after a turn against the clock. */
typedef struct sg_transform {
    double x, y, degrees;
} sg_transform;

/* Whether everything stays where it is. */
bool sg_transform_is_identity(const sg_transform *transform);

/* The inverse as a matrix in rows, as sg_generator_set_transform takes it. */
void sg_transform_invert(const sg_transform *transform, double inverse[9]);

#endif
