/* How large a network is at least, before anything is allocated for it. */
#ifndef SG_MODELS_NETWORK_SIZE_H
#define SG_MODELS_NETWORK_SIZE_H

#include "models/config.h"

/*
 * A lower bound on the number of values in a network of this (checked) config: its convolutions'
 * weights, its noise maps and its mapping layers. A double, since a config can ask for more than
 * any integer counts.
 */
double sg_generator_least_values(const sg_generator_config *config);
double sg_discriminator_least_values(const sg_discriminator_config *config);

#endif
