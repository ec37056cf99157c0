/*
 * Lower bounds on network sizes. A file of a few bytes could otherwise name a config that needs all
 * memory there is: the values that a config asks for are compared with those that the file has.
 */
#include "models/network_size.h"

#include "models/stylegan3/stylegan3_layers.h"

/* `embedded` is the width of the labels' embedding, 0 for none. */
static double mapping_values(const sg_mapping_config *mapping, int z_dim, int c_dim, int embedded,
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

/* The convolutions from the base size to the full one: 3x3, two to a size. */
static double convolution_values(int channel_base, int channel_max, int resolution)
{
    double values = 0.0;
    double inner = sg_channels_at(channel_base, channel_max, 4);
    values += 9.0 * inner * inner;
    for (int at = 8; at <= resolution; at *= 2) {
        double outer = sg_channels_at(channel_base, channel_max, at);
        values += 9.0 * outer * (inner + outer);
        inner = outer;
    }
    return values;
}

static double stylegan2_values(const sg_generator_config *config)
{
    double values =
        convolution_values(config->channel_base, config->channel_max, config->img_resolution);
    double channels = sg_channels_at(config->channel_base, config->channel_max, 4);
    values += channels * config->base_height * config->base_width;
    for (int at = 4; at <= config->img_resolution; at *= 2) {
        double out = sg_channels_at(config->channel_base, config->channel_max, at);
        double pixels = (double)config->base_height * config->base_width * at * at / 16.0;
        values += config->use_noise ? pixels : 0.0;
        values += out * config->w_dim;
    }
    double picture =
        sg_channels_at(config->channel_base, config->channel_max, config->img_resolution);
    return values + picture * config->img_channels;
}

static double stylegan3_values(const sg_generator_config *config)
{
    double channels = sg_stylegan3_signal_of(config, 0).channels;
    double values = channels * channels;
    for (int i = 0; i <= config->stylegan3.num_layers; i++) {
        sg_alias_free_layer_options layer = sg_stylegan3_layer_options(config, i);
        double in = layer.in_channels;
        values += in * layer.out_channels * layer.kernel_size * layer.kernel_size;
        values += in * config->w_dim;
    }
    return values;
}

/* The 4x4 convolutions between neighbouring sizes, from the base size to the full one. */
static double dcgan_values(int channel_base, int channel_max, int resolution)
{
    double values = 0.0;
    for (int at = 8; at < resolution; at *= 2)
        values += 16.0 * sg_channels_at(channel_base, channel_max, at / 2) *
                  sg_channels_at(channel_base, channel_max, at);
    return values;
}

static double synthesis_values(const sg_generator_config *config)
{
    switch (config->family) {
    case SG_STYLEGAN2:
        return stylegan2_values(config);
    case SG_STYLEGAN3:
        return stylegan3_values(config);
    case SG_STYLEGAN1:
    case SG_PROGAN:
        return convolution_values(config->channel_base, config->channel_max,
                                  config->img_resolution);
    case SG_DCGAN:
        return dcgan_values(config->channel_base, config->channel_max, config->img_resolution) +
               16.0 * config->w_dim * sg_channels_at(config->channel_base, config->channel_max, 4);
    case SG_FAMILY_COUNT:
        break;
    }
    return 0.0;
}

double sg_generator_least_values(const sg_generator_config *config)
{
    double values = synthesis_values(config);
    return values + mapping_values(&config->mapping, config->z_dim, config->c_dim,
                                   sg_embedding_width(config), config->w_dim);
}

double sg_discriminator_least_values(const sg_discriminator_config *config)
{
    if (config->family == SG_DCGAN)
        return dcgan_values(config->channel_base, config->channel_max, config->img_resolution);
    double values =
        convolution_values(config->channel_base, config->channel_max, config->img_resolution);
    double channels = sg_channels_at(config->channel_base, config->channel_max, 4);
    double first =
        sg_channels_at(config->channel_base, config->channel_max, config->img_resolution);
    values += first * config->img_channels;
    values += channels * channels * config->base_height * config->base_width;
    values += 9.0 * channels * config->mbstd_num_channels;
    if (config->c_dim > 0 && !sg_family_grows(config->family)) {
        int width = config->cmap_dim < 0 ? (int)channels : config->cmap_dim;
        values += channels * width;
        const int embedded =
            config->mapping.embed_features < 0 ? width : config->mapping.embed_features;
        values +=
            width > 0 ? mapping_values(&config->mapping, 0, config->c_dim, embedded, width) : 0.0;
    }
    return values;
}
