/*
 * Lower bounds on network sizes. A file of a few bytes could otherwise name a config that needs all
 * memory there is: the values that a config asks for are compared with those that the file has.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include "models/network_size.h"

#include "models/config_rules.h"
#include "models/family.h"

double sg_mapping_values(const sg_mapping_config *mapping, int z_dim, int c_dim, int embedded,
                         int w_dim)
{
    const double width = mapping->layer_features < 0 ? w_dim : mapping->layer_features;
    double values = (double)c_dim * embedded;
    double features = z_dim + (c_dim > 0 ? embedded : 0);
    for (int i = 0; i < mapping->num_layers; i++) {
        double out = i == mapping->num_layers - 1 ? w_dim : width;
        values += features * out;
        features = out;
    }
    return values;
}

double sg_convolution_values(const sg_channel_list *list, int channel_base, int channel_max,
                             int resolution)
{
    double inner = sg_listed_channels_at(list, channel_base, channel_max, 4);
    double values = 9.0 * inner * inner;
    for (int at = 8; at <= resolution; at *= 2) {
        double outer = sg_listed_channels_at(list, channel_base, channel_max, at);
        values += 9.0 * outer * (inner + outer);
        inner = outer;
    }
    return values;
}

double sg_scoring_values(const sg_discriminator_config *config)
{
    const double channels = SG_CHANNELS_AT(config, 4);
    const double first = SG_CHANNELS_AT(config, config->img_resolution);
    return sg_convolution_values(&config->channel_list, config->channel_base, config->channel_max,
                                 config->img_resolution) +
           first * config->img_channels +
           channels * channels * config->base_height * config->base_width +
           9.0 * channels * config->mbstd_num_channels;
}

double sg_generator_least_values(const sg_generator_config *config)
{
    return sg_family_of(config->family)->synthesis_values(config) +
           sg_mapping_values(&config->mapping, config->z_dim, config->c_dim,
                             sg_embedding_width(config), config->w_dim);
}

double sg_discriminator_least_values(const sg_discriminator_config *config)
{
    return sg_family_of(sg_discriminator_family(config->family))->discriminator_values(config);
}
