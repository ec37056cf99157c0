/* The official defaults of the networks as plain data. */
#include "models/config.h"

#include <math.h>

const char *sg_architecture_name(sg_architecture architecture)
{
    static const char *const names[] = {"orig", "skip", "resnet"};
    return names[architecture];
}

static const float default_filter[] = {1.0f, 3.0f, 3.0f, 1.0f};

/* Writes the default FIR filter and returns its number of taps. */
static int set_default_filter(float filter[SG_MAX_FILTER_TAPS])
{
    enum { TAPS = sizeof default_filter / sizeof default_filter[0] };
    for (int i = 0; i < TAPS; i++)
        filter[i] = default_filter[i];
    return TAPS;
}

static sg_mapping_config default_mapping(void)
{
    sg_mapping_config mapping = {
        .num_layers = 8,
        .embed_features = -1,
        .layer_features = -1,
        .activation = SG_LRELU,
        .lr_multiplier = 0.01,
        .w_avg_beta = 0.998,
    };
    return mapping;
}

static sg_stylegan3_config default_stylegan3(void)
{
    sg_stylegan3_config config = {
        .num_layers = 14,
        .num_critical = 2,
        .first_cutoff = 2.0,
        .first_stopband = exp2(2.1),
        .last_stopband_rel = exp2(0.3),
        .margin_size = 10,
        .output_scale = 0.25,
        .conv_kernel = 3,
        .filter_size = 6,
        .lrelu_upsampling = 2,
        .magnitude_ema_beta = 0.999,
    };
    return config;
}

bool sg_family_grows(sg_family family)
{
    return family == SG_STYLEGAN1 || family == SG_PROGAN;
}

bool sg_family_maps(sg_family family)
{
    return family != SG_PROGAN && family != SG_DCGAN;
}

static sg_growing_config default_growing(sg_family family)
{
    return family == SG_PROGAN ? (sg_growing_config){SG_FUSED_ALWAYS, -1}
                               : (sg_growing_config){SG_FUSED_AUTO, 8};
}

/* Writes a growing family's blur and returns its number of taps. */
static int set_growing_filter(sg_family family, float filter[SG_MAX_FILTER_TAPS])
{
    filter[0] = 1.0f;
    if (family == SG_PROGAN)
        return 1;
    filter[1] = 2.0f;
    filter[2] = 1.0f;
    return 3;
}

sg_generator_config sg_generator_config_default(void)
{
    sg_generator_config config = {
        .z_dim = 512,
        .w_dim = 512,
        .img_resolution = 256,
        .img_channels = 3,
        .base_height = 4,
        .base_width = 4,
        .channel_base = 32768,
        .channel_max = 512,
        .architecture = SG_ARCHITECTURE_SKIP,
        .conv_clamp = -1.0,
        .use_noise = true,
        .activation = SG_LRELU,
        .mapping = default_mapping(),
        .stylegan3 = default_stylegan3(),
        .growing = default_growing(SG_STYLEGAN1),
    };
    config.filter_taps = set_default_filter(config.resample_filter);
    return config;
}

sg_generator_config sg_generator_config_of_family(sg_family family)
{
    sg_generator_config config = sg_generator_config_default();
    config.family = family;
    if (family == SG_STYLEGAN3) {
        config.conv_clamp = 256.0;
        config.mapping.num_layers = 2;
        config.use_noise = false;
    }
    if (sg_family_grows(family)) {
        config.channel_base = 16384;
        config.growing = default_growing(family);
        config.filter_taps = set_growing_filter(family, config.resample_filter);
    }
    if (family == SG_DCGAN) {
        config.z_dim = config.w_dim = 100;
        config.channel_base = 4096;
        config.channel_max = 1024;
    }
    if (!sg_family_maps(family)) {
        config.use_noise = false;
        config.mapping.num_layers = 0;
        config.mapping.w_avg_beta = 1.0;
    }
    if (family == SG_STYLEGAN1)
        config.mapping.w_avg_beta = 0.995;
    return config;
}

sg_discriminator_config sg_discriminator_config_default(void)
{
    sg_discriminator_config config = {
        .img_resolution = 256,
        .img_channels = 3,
        .base_height = 4,
        .base_width = 4,
        .channel_base = 32768,
        .channel_max = 512,
        .architecture = SG_ARCHITECTURE_RESNET,
        .conv_clamp = -1.0,
        .cmap_dim = -1,
        .activation = SG_LRELU,
        .mbstd_group_size = 4,
        .mbstd_num_channels = 1,
        .mapping = default_mapping(),
        .growing = default_growing(SG_STYLEGAN1),
    };
    config.filter_taps = set_default_filter(config.resample_filter);
    return config;
}

sg_discriminator_config sg_discriminator_config_of_family(sg_family family)
{
    sg_discriminator_config config = sg_discriminator_config_default();
    if (sg_family_grows(family)) {
        config.family = family;
        config.channel_base = 16384;
        config.growing = default_growing(family);
        config.filter_taps = set_growing_filter(family, config.resample_filter);
    }
    if (family == SG_DCGAN) {
        config.family = family;
        config.channel_base = 4096;
        config.channel_max = 1024;
        config.mbstd_num_channels = 0;
    }
    return config;
}

void sg_generator_config_settle_w(sg_generator_config *config)
{
    if (!sg_family_maps(config->family))
        config->w_dim = config->z_dim + config->c_dim;
}

int sg_embedding_width(const sg_generator_config *config)
{
    if (!sg_family_maps(config->family))
        return 0;
    if (config->mapping.embed_features >= 0)
        return config->mapping.embed_features;
    return config->family == SG_STYLEGAN1 ? config->z_dim : config->w_dim;
}

int sg_channels_at(int channel_base, int channel_max, int resolution)
{
    int channels = channel_base / resolution;
    return channels < channel_max ? channels : channel_max;
}
