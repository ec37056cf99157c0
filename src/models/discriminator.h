/* Discriminators of every family: a score for each picture. */
#ifndef SG_MODELS_DISCRIMINATOR_H
#define SG_MODELS_DISCRIMINATOR_H

#include "models/config.h"
#include "models/feature_maps.h"
#include "nn/mapping.h"
#include "nn/parameter.h"

typedef struct sg_discriminator sg_discriminator;

/* Returns a network with initial weights drawn from `seed`; NULL (error in the context) on failure.
 */
sg_discriminator *sg_discriminator_create(sg_context *context,
                                          const sg_discriminator_config *config, sg_dtype dtype,
                                          uint64_t seed);
void sg_discriminator_destroy(sg_discriminator *discriminator);

/* Returns the config and the parameters; borrowed. */
const sg_discriminator_config *sg_discriminator_config_of(const sg_discriminator *discriminator);
sg_parameter_set *sg_discriminator_parameters(sg_discriminator *discriminator);

/* Sets the current level of detail (models/level.h); discriminators that do not grow ignore it. */
void sg_discriminator_set_lod(sg_discriminator *discriminator, double lod);

/*
 * Returns scores [N, 1] of pictures [N, H, W, C] and labels c [N, c_dim], NULL without labels. A
 * discriminator that grows also takes pictures of its current resolution,
 * img_resolution / 2^floor(lod). A classifier returns logits [N, c_dim] and reads no labels.
 */
sg_tensor *sg_discriminator_score(sg_discriminator *discriminator, sg_tensor *pictures,
                                  sg_tensor *c);

/* True if the config is that of a classifier. */
bool sg_discriminator_classifies(const sg_discriminator_config *config);

/*
 * Returns the penultimate features [N, F] of pictures [N, H, W, C]: what the last linear layer
 * makes the score or the logits of; F is the number of channels at 4x4. Fails with
 * SG_ERROR_ARGUMENT for a family whose discriminators offer none.
 */
sg_tensor *sg_discriminator_features(sg_discriminator *discriminator, sg_tensor *pictures);

/*
 * Computes the results of the blocks of convolutions of pictures [N, H, W, C], without labels. The
 * caller clears `maps`, also after a failure, which is in the context.
 */
void sg_discriminator_maps(sg_discriminator *discriminator, sg_tensor *pictures,
                           sg_feature_maps *maps);

/*
 * The same for pictures whose sides are multiples of sg_discriminator_step, larger or smaller than
 * those of the training: convolutions do not mind. Fails with SG_ERROR_SHAPE for other sides.
 */
void sg_discriminator_wide_maps(sg_discriminator *discriminator, sg_tensor *pictures,
                                sg_feature_maps *maps);

/* Returns the sides of pictures whose last map is one pixel wide; 0 for a discriminator that grows,
 * which reduces pictures to its own size. */
int64_t sg_discriminator_step(const sg_discriminator *discriminator);

/* Returns the height or width in pixels of the full pictures that a discriminator takes. */
int64_t sg_discriminator_height(const sg_discriminator_config *config);
int64_t sg_discriminator_width(const sg_discriminator_config *config);

/* Adds the mapping network of the labels of StyleGAN2's discriminator, from c_dim to `width`
 * features, under "mapping.". Failures are in the context. */
sg_mapping sg_label_mapping_create(sg_parameter_set *set, const sg_discriminator_config *config,
                                   int width);

#endif
