/* Optimisers: Adam (Kingma and Ba 2015), RMSProp (Tieleman and Hinton 2012). */
#ifndef SG_OPTIM_OPTIMISER_H
#define SG_OPTIM_OPTIMISER_H

#include "base/choices.h"
#include "nn/parameter.h"

typedef enum sg_optimiser_kind { SG_ADAM, SG_RMSPROP, SG_OPTIMISER_COUNT } sg_optimiser_kind;

/* "adam", "rmsprop". */
extern const sg_choices sg_optimiser_choices;

/* How it steps. RMSProp has no beta1. `clip` is the largest magnitude that a value may have after a
 * step; 0: any. */
typedef struct sg_optimiser_options {
    sg_optimiser_kind kind;
    double rate, beta1, beta2, epsilon, clip;
} sg_optimiser_options;

/*
 * One step on `count` values. `step` counts from 1. `first` and `second` are the moments, updated
 * in place, and so is `values`. Adam, with the bias corrections of the official optimiser:
 *   value -= rate / (1 - beta1^step) * first / (sqrt(second / (1 - beta2^step)) + epsilon)
 * RMSProp, whose `first` is NULL:
 *   value -= rate * gradient / (sqrt(second) + epsilon)
 * Values are clipped then.
 */
void sg_optimiser_update(const sg_optimiser_options *options, int64_t step, int64_t count,
                         const float *gradient, float *first, float *second, float *values);

/* The optimiser's state for the trainable tensors of a parameter set. */
typedef struct sg_optimiser sg_optimiser;

/* Moments of zero for `parameters` (borrowed, must outlive the optimiser). NULL on lack of memory.
 */
sg_optimiser *sg_optimiser_create(sg_parameter_set *parameters, sg_optimiser_options options);
void sg_optimiser_destroy(sg_optimiser *optimiser);

/*
 * A step with one gradient per trainable parameter, in the set's order; a NULL gradient leaves its
 * parameter and moments as they are. Raises the parameters' versions. NaN and infinities in a
 * gradient become 0, +-1e5, as in the official training loop.
 */
void sg_optimiser_step(sg_optimiser *optimiser, sg_tensor *const *gradients);

/* Another learning rate for the steps to come. */
void sg_optimiser_set_rate(sg_optimiser *optimiser, double rate);

/* As it was before its first step: no steps, moments of zero. */
void sg_optimiser_reset(sg_optimiser *optimiser);

/* For saving: the number of steps so far, and moment `which` (0 or 1) of the i-th trainable
 * parameter; NULL where the optimiser has none. */
int64_t sg_optimiser_steps(const sg_optimiser *optimiser);
void sg_optimiser_set_steps(sg_optimiser *optimiser, int64_t steps);
float *sg_optimiser_moment(sg_optimiser *optimiser, size_t trainable, int which);

#endif
