/* The official defaults of configs, what follows from them, and their checks, for all families. */
#ifndef SG_MODELS_CONFIG_RULES_H
#define SG_MODELS_CONFIG_RULES_H

#include "base/error.h"
#include "models/config.h"

/* Returns the official defaults, noted beside the members of the structs: those of StyleGAN2, or of
 * a family. StyleGAN3's discriminator is one of StyleGAN2. */
sg_generator_config sg_generator_config_default(void);
sg_generator_config sg_generator_config_of_family(sg_family family);
sg_discriminator_config sg_discriminator_config_default(void);
sg_discriminator_config sg_discriminator_config_of_family(sg_family family);

/*
 * Sets w_dim to the width of z and label side by side where there are no mapping layers. The label
 * of a family with a mapping network is embedded then in as many features as z has, unless the
 * config says otherwise.
 */
void sg_generator_config_set_w(sg_generator_config *config);

/* Returns the width of the embedding of labels; 0 if labels are used as they are. */
int sg_embedding_width(const sg_generator_config *config);

/* Returns the width of what stands beside z in the first mapping layer; 0 without labels. */
int sg_label_width(const sg_generator_config *config);

/* Checks kinds, ranges and divisibility. Fails with SG_ERROR_ARGUMENT and a sentence that names the
 * member. */
sg_status sg_generator_config_check(const sg_generator_config *config, sg_error *error);
sg_status sg_discriminator_config_check(const sg_discriminator_config *config, sg_error *error);

/* ---- conditions that the checks of several families share ---- */

/* Fails unless there is a channel at `resolution`. */
sg_status sg_check_channels(int channel_base, int resolution, sg_error *error);

/* Fails if a side of the picture, base * resolution / 4, is longer than SG_LARGEST_RESOLUTION. */
sg_status sg_check_picture(int base_height, int base_width, int resolution, sg_error *error);

/* Fails unless the taps can be scaled to add up to 1. */
sg_status sg_check_filter(const float *filter, int taps, sg_error *error);

/* Fails unless the channels of the last block can be divided for minibatch standard deviation. */
sg_status sg_check_mbstd(const sg_discriminator_config *config, sg_error *error);

#endif
