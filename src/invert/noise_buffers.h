/*
 * The noise buffers of a generator, optimised along with w (Karras et al. 2020, appendix D): drawn
 * anew, kept free of structure by a regulariser, and normalised after every step.
 */
#ifndef SG_INVERT_NOISE_BUFFERS_H
#define SG_INVERT_NOISE_BUFFERS_H

#include "base/numpy_random.h"
#include "nn/parameter.h"

/* The buffers, in the network's order, and copies of their values. */
typedef struct sg_noise_buffers {
    const sg_parameter **buffers; /* [count], borrowed */
    sg_tensor **originals;        /* [count], owned */
    size_t count;
} sg_noise_buffers;

/* Lists the buffers of a generator's set and copies their values; the list must be cleared, also
 * after a failure. */
sg_status sg_noise_buffers_find(sg_noise_buffers *noise, const sg_parameter_set *parameters,
                                sg_error *error);
void sg_noise_buffers_clear(sg_noise_buffers *noise);

/* Replaces the values by normal draws, rounded to single precision. */
void sg_noise_buffers_draw(sg_noise_buffers *noise, sg_numpy_random *random);

/* Exchanges the present values and the kept ones. */
void sg_noise_buffers_swap(sg_noise_buffers *noise);

/*
 * Returns the regulariser, a scalar: for each buffer, and for its averages over 2x2 pixels down to
 * at most 8 rows, the square of the mean product with the buffer shifted by one pixel to the right,
 * and the same downwards, in cycles. NULL (error in the context) on failure, and without buffers.
 */
sg_tensor *sg_noise_buffers_penalty(const sg_noise_buffers *noise);

/* Gives every buffer the mean 0 and the mean square 1. */
void sg_noise_buffers_normalise(sg_noise_buffers *noise);

#endif
