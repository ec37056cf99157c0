/*
 * Optimisers: Adam (Kingma and Ba 2015), RMSProp (Tieleman and Hinton 2012), Ranger: rectified Adam
 * (Liu et al. 2020) of centred gradients (Yong et al. 2020) with lookahead (Zhang et al. 2019).
 */
#ifndef SG_OPTIM_OPTIMISER_H
#define SG_OPTIM_OPTIMISER_H

#include "base/choices.h"
#include "nn/parameter.h"

typedef enum sg_optimiser_kind {
    SG_ADAM,
    SG_RMSPROP,
    SG_RANGER,
    SG_OPTIMISER_COUNT
} sg_optimiser_kind;

/* "adam", "rmsprop", "ranger". */
extern const sg_choices sg_optimiser_choices;

/*
 * How an optimiser steps. RMSProp has no beta1. `clip` limits the magnitude of values after a step;
 * 0: no limit.
 *
 * `plain` undoes the equalised learning rate: weights move as if they were stored with their
 * run-time gains. With W' = gain * W, the gradient for W' is that for W over the gain, so that a
 * step of Adam or RMSProp on W' is one on W with rate / gain, epsilon * gain and clip / gain.
 */
typedef struct sg_optimiser_options {
    sg_optimiser_kind kind;
    double rate, beta1, beta2, epsilon, clip;
    bool plain;
} sg_optimiser_options;

/* What an optimiser keeps for each value; the last only Ranger. */
enum { SG_MOMENT_FIRST, SG_MOMENT_SECOND, SG_MOMENT_SLOW, SG_MOMENT_COUNT };

/*
 * Takes one step on `count` values. `step` counts from 1. Updates the moments `first` and `second`
 * and `values` in place. Adam, with the bias corrections of the official optimiser:
 *   value -= rate / (1 - beta1^step) * first / (sqrt(second / (1 - beta2^step)) + epsilon)
 * RMSProp, whose `first` is NULL:
 *   value -= rate * gradient / (sqrt(second) + epsilon)
 * Ranger, whose rectification `second` does not correct for its start, with rho = rho_inf -
 * 2 step beta2^step / (1 - beta2^step) and rho_inf = 2 / (1 - beta2) - 1:
 *   value -= rate * r / (1 - beta1^step) * first / (sqrt(second) + epsilon)   where rho > 5
 *   value -= rate / (1 - beta1^step) * first                                  before
 * Clips the values afterwards.
 */
void sg_optimiser_update(const sg_optimiser_options *options, int64_t step, int64_t count,
                         const float *gradient, float *first, float *second, float *values);

/* The optimiser's state for the trainable tensors of a parameter set. */
typedef struct sg_optimiser sg_optimiser;

/* Creates moments of zero for `parameters`, which are borrowed and must outlive the optimiser. NULL
 * on lack of memory. */
sg_optimiser *sg_optimiser_create(sg_parameter_set *parameters, sg_optimiser_options options);
void sg_optimiser_destroy(sg_optimiser *optimiser);

/*
 * Takes a step with one gradient per trainable parameter, in the set's order; a NULL gradient
 * leaves its parameter and moments unchanged. Raises the parameters' versions. Gradients must be
 * finite (sg_gradient_make_finite).
 */
void sg_optimiser_step(sg_optimiser *optimiser, sg_tensor *const *gradients);

/* Sets the learning rate of later steps. */
void sg_optimiser_set_rate(sg_optimiser *optimiser, double rate);

/* Resets to no steps and moments of zero. */
void sg_optimiser_reset(sg_optimiser *optimiser);

/* Return and set the number of steps so far, for saving. */
int64_t sg_optimiser_steps(const sg_optimiser *optimiser);
void sg_optimiser_set_steps(sg_optimiser *optimiser, int64_t steps);

/* Returns moment `which` (SG_MOMENT_FIRST ...) of the i-th trainable parameter, of f32, for saving;
 * NULL where the optimiser has none. */
float *sg_optimiser_moment(sg_optimiser *optimiser, size_t trainable, int which);

#endif
