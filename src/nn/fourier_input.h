/*
 * StyleGAN3's input (Karras et al. 2021, section 3.2 and appendix F): waves of fixed frequencies on
 * a continuous plane, shifted and rotated by w and by the user, sampled on a grid, and mixed.
 */
#ifndef SG_NN_FOURIER_INPUT_H
#define SG_NN_FOURIER_INPUT_H

#include "nn/linear.h"

/* Sizes and frequencies of an input. */
typedef struct sg_fourier_input_options {
    int w_dim, channels;
    int size;             /* samples in each direction, margins included */
    double sampling_rate; /* samples per picture's side */
    double bandwidth;     /* in cycles per picture's side; waves above it fade out */
} sg_fourier_input_options;

/* An input; its tensors belong to the parameter set. */
typedef struct sg_fourier_input {
    sg_fourier_input_options options;
    sg_linear affine;     /* w to (cosine, sine, x, y), at the start (1, 0, 0, 0) */
    sg_tensor *weight;    /* [channels, channels], standard normal at the start; borrowed */
    sg_tensor *transform; /* [3, 3], a buffer: the inverse of the user's transform */
    sg_tensor *freqs;     /* [channels, 2], a buffer: within a disc of the bandwidth's radius */
    sg_tensor *phases;    /* [channels], a buffer: uniform in [-0.5, 0.5) */
} sg_fourier_input;

/* Adds the tensors under "PREFIX.". Failures are in the context. */
sg_fourier_input sg_fourier_input_create(sg_parameter_set *set, const char *prefix,
                                         sg_fourier_input_options options);

/* Takes w [N, w_dim] to [N, size, size, channels]. */
sg_tensor *sg_fourier_input_forward(const sg_fourier_input *input, sg_tensor *w);

#endif
