/* Tiny networks for tests, with every term at work. */
#ifndef SUPPORT_NETWORKS_H
#define SUPPORT_NETWORKS_H

#include "models/discriminator.h"
#include "models/generator.h"

/*
 * Configs of 8x8 pictures: latents of 6 and w of 5 numbers, at most 4 channels, two mapping
 * layers. `classes` 0: unconditional.
 */
sg_generator_config tiny_generator_config(sg_architecture architecture, int channels, int classes);
sg_discriminator_config tiny_discriminator_config(sg_architecture architecture, int channels,
                                                  int classes);

/* StyleGAN3's in configuration T or R: 8x8 pictures, latents of 6 and w of 5 numbers, four layers
 * of at most 4 channels, margins of 2. */
sg_generator_config tiny_stylegan3_config(bool rotations, int channels, int classes);

/* StyleGAN's and ProGAN's, of resolution 8 or more: latents of 6 and w of 5 numbers (ProGAN's: of
 * latent and label), at most 4 channels, two mapping layers. */
sg_generator_config tiny_growing_config(sg_family family, int resolution, int channels,
                                        int classes);
sg_discriminator_config tiny_growing_discriminator_config(sg_family family, int resolution,
                                                          int channels, int classes);

/* The networks themselves, with biases, noise strengths and w_avg that are not zero. */
sg_generator *tiny_generator(sg_context *context, const sg_generator_config *config, sg_dtype dtype,
                             uint64_t seed);
sg_discriminator *tiny_discriminator(sg_context *context, const sg_discriminator_config *config,
                                     sg_dtype dtype, uint64_t seed);

/* Writes a file with the generator (f32) as its G_ema; and one with such a tiny generator. */
void save_generator(const char *path, sg_generator *generator);
void save_tiny_generator(const char *path, const sg_generator_config *config, uint64_t seed);

/* Labels [samples, classes]: sample i has class (first + i) mod classes; NULL without classes. */
sg_tensor *one_hot(sg_context *context, sg_dtype dtype, int samples, int classes, int first);

#endif
