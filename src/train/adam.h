/* Adam (Kingma and Ba 2015) with the bias corrections of the official optimiser. */
#ifndef SG_TRAIN_ADAM_H
#define SG_TRAIN_ADAM_H

#include "nn/parameter.h"

typedef struct sg_adam_options {
    double rate, beta1, beta2, epsilon;
} sg_adam_options;

/*
 * One step on `count` values. `step` counts from 1. `first` and `second` are the moments, updated
 * in place, and so is `values`:
 *   value -= rate / (1 - beta1^step) * first / (sqrt(second / (1 - beta2^step)) + epsilon)
 */
void sg_adam_update(const sg_adam_options *options, int64_t step, int64_t count,
                    const float *gradient, float *first, float *second, float *values);

/* The optimiser's state for the trainable tensors of a parameter set. */
typedef struct sg_adam sg_adam;

/* Moments of zero for `parameters` (borrowed, must outlive the optimiser). NULL on lack of memory.
 */
sg_adam *sg_adam_create(sg_parameter_set *parameters, sg_adam_options options);
void sg_adam_destroy(sg_adam *adam);

/*
 * A step with one gradient per trainable parameter, in the set's order; a NULL gradient leaves its
 * parameter and moments as they are. Raises the parameters' versions. NaN and infinities in a
 * gradient become 0, +-1e5, as in the official training loop.
 */
void sg_adam_step(sg_adam *adam, sg_tensor *const *gradients);

/* For saving: the number of steps so far, and moment `which` (0 or 1) of the i-th trainable
 * parameter. */
int64_t sg_adam_steps(const sg_adam *adam);
void sg_adam_set_steps(sg_adam *adam, int64_t steps);
float *sg_adam_moment(sg_adam *adam, size_t trainable, int which);

#endif
