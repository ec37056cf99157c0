/*
 * Moves and turns the input of a synthesis network: StyleGAN3's own transform, or the constant of
 * StyleGAN2 taken as the waves of its discrete Fourier transform (configuration B of Karras et al.
 * 2021 replaces the constant by waves).
 */
#ifndef SG_LATENT_MOVED_INPUT_H
#define SG_LATENT_MOVED_INPUT_H

#include "latent/transform.h"

/* An input that is moved, and its original; zero it before sg_moved_input_begin. */
typedef struct sg_moved_input {
    sg_generator *generator;
    double transform[9]; /* StyleGAN3's original */
    sg_tensor *constant; /* StyleGAN2's [C, h, w]; NULL for StyleGAN3 */
    float *values;       /* the original of `constant`; owned */
} sg_moved_input;

/* Keeps the generator's input, before it is moved. Fails with SG_ERROR_ARGUMENT when it has neither
 * kind of input, or with SG_ERROR_MEMORY. */
sg_status sg_moved_input_begin(sg_generator *generator, sg_moved_input *input, sg_error *error);

/* Sets the transform of the original input: transforms do not add up. */
void sg_moved_input_set(sg_moved_input *input, const sg_transform *transform);

/* Restores the original input, and frees it. */
void sg_moved_input_end(sg_moved_input *input);

#endif
