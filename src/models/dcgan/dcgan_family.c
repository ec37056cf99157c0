/*
 * DCGAN (Radford et al. 2016): w is z and the label, weights are used as stored, and the
 * discriminator normalises over batches, over samples or not at all.
 *
 * Tested by: tests/models/dcgan/test_dcgan.c
 */
#include "models/config_fields.h"
#include "models/config_rules.h"
#include "models/dcgan/dcgan.h"

static const sg_field discriminator_rows[] = {
    SG_NAMED_DISCRIMINATOR_ROWS,
    {"norm", SG_CHOICE(sg_discriminator_config, norm, &sg_norm_choices)},
};
static const SG_FIELD_TABLE(discriminator_rows, NULL);

static void set_generator_defaults(sg_generator_config *config)
{
    config->z_dim = config->w_dim = 100;
    config->channel_base = 4096;
    config->channel_max = 1024;
}

static void set_discriminator_defaults(sg_discriminator_config *config)
{
    config->channel_base = 4096;
    config->channel_max = 1024;
    config->mbstd_num_channels = 0;
}

static sg_status check_generator(const sg_generator_config *config, sg_error *error)
{
    return sg_check_channels(config->channel_base, config->img_resolution, error);
}

/* Returns the 4x4 convolutions between neighbouring sizes, without the first and the last. */
static double convolution_values(int channel_base, int channel_max, int resolution)
{
    double values = 0.0;
    for (int at = 8; at < resolution; at *= 2)
        values += 16.0 * sg_channels_at(channel_base, channel_max, at / 2) *
                  sg_channels_at(channel_base, channel_max, at);
    return values;
}

static double synthesis_values(const sg_generator_config *config)
{
    return convolution_values(config->channel_base, config->channel_max, config->img_resolution) +
           16.0 * config->w_dim * sg_channels_at(config->channel_base, config->channel_max, 4);
}

static double discriminator_values(const sg_discriminator_config *config)
{
    return convolution_values(config->channel_base, config->channel_max, config->img_resolution);
}

const sg_family_descriptor sg_dcgan_family = {
    .title = "DCGAN",
    .mark = "synthesis.b4.project.",
    .plain_weights = true,
    .normalises = true,
    .set_generator_defaults = set_generator_defaults,
    .check_generator = check_generator,
    .synthesis_values = synthesis_values,
    .synthesis = &sg_dcgan_synthesis,
    .set_discriminator_defaults = set_discriminator_defaults,
    .discriminator_fields = &discriminator_rows_table,
    .discriminator_values = discriminator_values,
    .discriminator = &sg_dcgan_discriminator,
};
