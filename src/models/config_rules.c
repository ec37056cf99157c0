/*
 * Defaults and checks of configs: first what all families have, then what the family's descriptor
 * adds. Ranges are in the tables of fields; here are conditions between members.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include "models/config_rules.h"

#include <math.h>

#include "models/config_fields.h"
#include "models/family.h"

/* ---- defaults ---- */

static sg_mapping_config default_mapping(void)
{
    return (sg_mapping_config){.num_layers = 8,
                               .embed_features = -1,
                               .layer_features = -1,
                               .activation = SG_LRELU,
                               .lr_multiplier = 0.01,
                               .w_avg_beta = 0.998};
}

sg_generator_config sg_generator_config_of_family(sg_family family)
{
    const sg_family_descriptor *descriptor = sg_family_of(family);
    sg_generator_config config = {
        .family = family,
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
        .use_noise = descriptor->maps,
        .activation = SG_LRELU,
        .filter_taps = 4,
        .resample_filter = {1.0f, 3.0f, 3.0f, 1.0f},
        .mapping = default_mapping(),
    };
    if (!descriptor->maps) {
        config.mapping.num_layers = 0;
        config.mapping.w_avg_beta = 1.0;
    }
    if (descriptor->set_generator_defaults)
        descriptor->set_generator_defaults(&config);
    return config;
}

sg_generator_config sg_generator_config_default(void)
{
    return sg_generator_config_of_family(SG_DEFAULT_FAMILY);
}

sg_discriminator_config sg_discriminator_config_of_family(sg_family family)
{
    sg_discriminator_config config = {
        .family = sg_discriminator_family(family),
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
        .epilogue_activation = SG_LRELU,
        .filter_taps = 4,
        .resample_filter = {1.0f, 3.0f, 3.0f, 1.0f},
        .mbstd_group_size = 4,
        .mbstd_num_channels = 1,
        .mapping = default_mapping(),
    };
    const sg_family_descriptor *descriptor = sg_family_of(config.family);
    if (descriptor->set_discriminator_defaults)
        descriptor->set_discriminator_defaults(&config);
    return config;
}

sg_discriminator_config sg_discriminator_config_default(void)
{
    return sg_discriminator_config_of_family(SG_DEFAULT_FAMILY);
}

int sg_embedding_width(const sg_generator_config *config)
{
    const sg_family_descriptor *descriptor = sg_family_of(config->family);
    if (!descriptor->maps)
        return 0;
    if (config->mapping.embed_features >= 0)
        return config->mapping.embed_features;
    return descriptor->synthesis->mapping_form == SG_MAPPING_TOGETHER ? config->z_dim
                                                                      : config->w_dim;
}

int sg_label_width(const sg_generator_config *config)
{
    const int embedding = sg_embedding_width(config);
    return config->c_dim > 0 && embedding > 0 ? embedding : config->c_dim;
}

/* Returns the width of z and label side by side, which is w without mapping layers. */
static int joined_width(const sg_generator_config *config)
{
    return config->z_dim + sg_label_width(config);
}

void sg_generator_config_set_w(sg_generator_config *config)
{
    if (config->mapping.num_layers > 0)
        return;
    /* An embedding as wide as w would be wider than itself. */
    if (sg_family_of(config->family)->maps && config->c_dim > 0 &&
        config->mapping.embed_features < 0)
        config->mapping.embed_features = config->z_dim;
    config->w_dim = joined_width(config);
}

/* ---- checks ---- */

static sg_status check_resolution(int resolution, sg_error *error)
{
    return (resolution & (resolution - 1)) == 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "img_resolution is %d, but must be a power of two", resolution);
}

/* Without mapping layers, w is z and the label side by side. */
static sg_status check_mapping(const sg_generator_config *config, bool maps, sg_error *error)
{
    const int layers = config->mapping.num_layers;
    if (layers > 0 && !maps)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "num_layers is %d, but must be 0: the family has no mapping network",
                       layers);
    if (layers > 0 || config->w_dim == joined_width(config))
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "w_dim is %d, but with num_layers 0 must be z_dim + %s, %d", config->w_dim,
                   maps ? "the width of the label's embedding" : "c_dim", joined_width(config));
}

static sg_status check_base(const sg_family_descriptor *descriptor, int height, int width,
                            sg_error *error)
{
    return descriptor->rectangles || (height == 4 && width == 4)
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "init_res is [%d, %d], but must be [4, 4]: pictures of %s are square, "
                         "rectangles are for StyleGAN2",
                         height, width, descriptor->title);
}

sg_status sg_generator_config_check(const sg_generator_config *config, sg_error *error)
{
    const sg_family_descriptor *descriptor = sg_family_of(config->family);
    const sg_field_table fields = sg_generator_fields(config->family);
    SG_TRY(sg_fields_check(&fields, config, NULL, SG_SPELL_MEMBER, error));
    SG_TRY(check_resolution(config->img_resolution, error));
    SG_TRY(check_base(descriptor, config->base_height, config->base_width, error));
    SG_TRY(check_mapping(config, descriptor->maps, error));
    return descriptor->check_generator(config, error);
}

sg_status sg_discriminator_config_check(const sg_discriminator_config *config, sg_error *error)
{
    const sg_family_descriptor *descriptor = sg_family_of(sg_discriminator_family(config->family));
    SG_TRY(sg_fields_check(descriptor->discriminator_fields, config, NULL, SG_SPELL_MEMBER, error));
    SG_TRY(check_resolution(config->img_resolution, error));
    SG_TRY(check_base(descriptor, config->base_height, config->base_width, error));
    SG_TRY(sg_check_channels(config->channel_base, config->img_resolution, error));
    return descriptor->check_discriminator ? descriptor->check_discriminator(config, error) : SG_OK;
}

sg_status sg_check_channels(int channel_base, int resolution, sg_error *error)
{
    return channel_base >= resolution
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "channel_base is %d, which leaves no channels at the resolution %d",
                         channel_base, resolution);
}

sg_status sg_check_picture(int base_height, int base_width, int resolution, sg_error *error)
{
    const int longer = base_height > base_width ? base_height : base_width;
    const int64_t side = (int64_t)longer * resolution / 4;
    return side <= SG_LARGEST_RESOLUTION
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "a constant of %dx%d and img_resolution %d make a picture with a side of "
                         "%lld pixels, but a side must be at most %d",
                         base_height, base_width, resolution, (long long)side,
                         SG_LARGEST_RESOLUTION);
}

sg_status sg_check_filter(const float *filter, int taps, sg_error *error)
{
    if (taps < 1 || taps > SG_MAX_FILTER_TAPS)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the number of taps in resample_filter is %d, but must be from 1 to %d",
                       taps, SG_MAX_FILTER_TAPS);
    double sum = 0.0;
    for (int i = 0; i < taps; i++)
        sum += (double)filter[i];
    return isfinite(sum) && fabs(sum) > 1e-6
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "the taps of resample_filter add up to %g, so they cannot be scaled to "
                         "add up to 1",
                         sum);
}

sg_status sg_check_mbstd(const sg_discriminator_config *config, sg_error *error)
{
    const int channels = SG_CHANNELS_AT(config, 4);
    if (config->mbstd_num_channels == 0 || channels % config->mbstd_num_channels == 0)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "mbstd_num_channels is %d, which does not divide the %d channels of the last "
                   "block",
                   config->mbstd_num_channels, channels);
}
