/*
 * The input of a synthesis network, moved and turned: StyleGAN3's own transform, or the constant of
 * StyleGAN2 read as the waves of its discrete Fourier transform, as configuration B of Karras et
 * al. 2021 puts waves in its place.
 */
#ifndef SG_LATENT_MOVED_INPUT_H
#define SG_LATENT_MOVED_INPUT_H

#include "latent/transform.h"

/* Zero it before sg_moved_input_begin. */
typedef struct sg_moved_input {
    sg_generator *generator;
    double transform[9]; /* StyleGAN3's, as it was */
    sg_tensor *constant; /* StyleGAN2's; NULL for a StyleGAN3 */
    float *values;       /* as they were */
} sg_moved_input;

/* Keeps the generator's input, to be moved. SG_ERROR_ARGUMENT when it has neither. */
sg_status sg_moved_input_begin(sg_generator *generator, sg_moved_input *input, sg_error *error);

/* Places it anew; moves do not add up. */
void sg_moved_input_set(sg_moved_input *input, const sg_transform *transform);

/* Puts it back as it was, and frees what was kept. */
void sg_moved_input_end(sg_moved_input *input);

#endif
