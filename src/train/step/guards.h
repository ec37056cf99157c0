/*
 * What watches over a training: NaN and infinities, gradient norms, and the two ways in which a GAN
 * goes wrong without an error, a discriminator that has won and a generator that paints one
 * picture.
 */
#ifndef SG_TRAIN_STEP_GUARDS_H
#define SG_TRAIN_STEP_GUARDS_H

#include "models/generator.h"
#include "train/step/statistics.h"

/*
 * The norm of all gradients together (NULL ones are zero). gradients[i] belongs to the i-th
 * trainable tensor of `set`. When one holds a NaN or infinity, *culprit gets its tensor's name
 * (else NULL).
 */
double sg_gradient_norm(const sg_parameter_set *set, sg_tensor *const *gradients,
                        const char **culprit);

/* Multiplies all gradients by `factor`. */
void sg_gradient_scale(size_t count, sg_tensor *const *gradients, double factor);

/* The name of the first tensor with a NaN or infinity; NULL when there is none. */
const char *sg_find_not_finite(const sg_parameter_set *set);

/*
 * How much `samples` pictures [samples, values] differ: the root mean square over values of their
 * standard deviation over samples.
 */
double sg_picture_spread(const float *pictures, int64_t samples, int64_t values);

/* The spread of some pictures of `generator` with fresh latents; negative on failure. */
double sg_generator_spread(sg_generator *generator, uint64_t seed);

/* A sentence when the tick's statistics say that the discriminator has won, else NULL. */
const char *sg_discriminator_won(const sg_statistics *statistics);

/* A sentence when generated pictures vary far less than real ones, else NULL. */
const char *sg_mode_collapsed(double generated_spread, double real_spread);

#endif
