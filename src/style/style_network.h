/*
 * Networks whose feature maps tell a picture's content and style: VGG16, as in the literature, or a
 * classifier or discriminator of ours.
 */
#ifndef SG_STYLE_STYLE_NETWORK_H
#define SG_STYLE_STYLE_NETWORK_H

#include "models/discriminator.h"

/* An open network; made by one of the functions below. */
typedef struct sg_style_network sg_style_network;

/*
 * Opens VGG16's convolutions from the files, as sg_vgg16_tape_find does: with none named and none
 * in the folder of the user's data, with random weights, whose statistics still tell textures
 * apart (He, Wang and Hopcroft 2016). *network (NULL on failure) must be closed.
 */
sg_status sg_style_network_vgg16(sg_context *context, const char *const *files, size_t count,
                                 sg_style_network **network, sg_error *error);

/*
 * Takes a discriminator or classifier of 1 or 3 channels, also on failure. Fails with
 * SG_ERROR_ARGUMENT for other channels. *network (NULL on failure) must be closed.
 */
sg_status sg_style_network_own(sg_discriminator *discriminator, sg_style_network **network,
                               sg_error *error);

/* Closes the network; NULL is allowed. */
void sg_style_network_close(sg_style_network *network);

/* Returns what the network is, for people; true if its weights are random. */
const char *sg_style_network_title(const sg_style_network *network);
bool sg_style_network_is_random(const sg_style_network *network);

/* Returns the context; the channels of the pictures that the network takes, 1 or 3. */
sg_context *sg_style_network_context(const sg_style_network *network);
int64_t sg_style_network_channels(const sg_style_network *network);

/* Changes a size to the nearest one that the network takes. */
void sg_style_network_fit(const sg_style_network *network, size_t *width, size_t *height);

/* Returns which of the maps is the content's. */
int sg_style_network_content_map(const sg_style_network *network, const sg_feature_maps *maps);

/*
 * Computes the maps of pictures [N, H, W, channels] with values of 0 to 255. The caller clears
 * `maps`, also after a failure, which is in the context.
 */
void sg_style_network_maps(const sg_style_network *network, sg_tensor *pictures,
                           sg_feature_maps *maps);

#endif
