/* Lower bounds on the sizes of networks, known before anything is allocated. */
#ifndef SG_MODELS_NETWORK_SIZE_H
#define SG_MODELS_NETWORK_SIZE_H

#include "models/config.h"

/*
 * Returns a lower bound on the number of values in a network with this (checked) config: the
 * weights of its convolutions, its noise maps and its mapping layers. A double, since a config can
 * ask for more than an integer counts.
 */
double sg_generator_least_values(const sg_generator_config *config);
double sg_discriminator_least_values(const sg_discriminator_config *config);

/* Parts of those bounds, for the families' own. The weights of a mapping network: `embedded` is the
 * width of the embedding of labels, 0 for none. */
double sg_mapping_values(const sg_mapping_config *mapping, int z_dim, int c_dim, int embedded,
                         int w_dim);

/* The weights of 3x3 convolutions from 4x4 to `resolution`, two at each size. */
double sg_convolution_values(const sg_channel_list *list, int channel_base, int channel_max,
                             int resolution);

/* A discriminator of such convolutions, without what it has for labels. */
double sg_scoring_values(const sg_discriminator_config *config);

#endif
