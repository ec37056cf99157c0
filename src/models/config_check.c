/* Ranges and divisibility of network configs, wherever they came from. */
#include <math.h>

#include "models/config_json.h"
#include "models/stylegan3/stylegan3_layers.h"
#include "nn/mapping.h"

enum {
    LARGEST_WIDTH = 65536, /* of a layer, in features or channels */
    LARGEST_BASE = 64,     /* pixels */
    SMALLEST_RESOLUTION = 8,
    LARGEST_RESOLUTION = 1024,
    LARGEST_CHANNEL_BASE = 1 << 24,
    LARGEST_MARGIN = 256, /* pixels */
    LARGEST_KERNEL = 15,  /* pixels on a side */
    LARGEST_FACTOR = 8,   /* of the sampling rate of activations */
    LARGEST_FILTER = 64   /* taps, before that factor */
};

/* Checks that come one after the other; after the first failure the others do nothing. */
typedef struct checking {
    sg_status status;
    sg_error *error;
} checking;

static void check_range(checking *check, const char *name, int value, int low, int high)
{
    if (!check->status && (value < low || value > high))
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "%s is %d, but must be from %d to %d", name, value, low, high);
}

/* -1 stands for a width that follows from another. */
static void check_optional(checking *check, const char *name, int value, int low)
{
    if (value != -1)
        check_range(check, name, value, low, LARGEST_WIDTH);
}

static void check_resolution(checking *check, int resolution)
{
    check_range(check, "img_resolution", resolution, SMALLEST_RESOLUTION, LARGEST_RESOLUTION);
    if (!check->status && (resolution & (resolution - 1)) != 0)
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "img_resolution is %d, but must be a power of two", resolution);
}

static void check_channels(checking *check, int channel_base, int channel_max, int resolution)
{
    check_range(check, "channel_base", channel_base, 1, LARGEST_CHANNEL_BASE);
    check_range(check, "channel_max", channel_max, 1, LARGEST_WIDTH);
    if (!check->status && channel_base < resolution)
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "channel_base is %d, which leaves no channels at the resolution %d",
                                channel_base, resolution);
}

static void check_clamp(checking *check, double clamp)
{
    if (!check->status && clamp != -1.0 && !(isfinite(clamp) && clamp > 0.0))
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "conv_clamp is %g, but must be above 0 (or null for none)", clamp);
}

static void check_filter(checking *check, const float *filter, int taps)
{
    check_range(check, "the number of taps in resample_filter", taps, 1, SG_MAX_FILTER_TAPS);
    double sum = 0.0;
    for (int i = 0; !check->status && i < taps; i++)
        sum += (double)filter[i];
    if (!check->status && !(isfinite(sum) && fabs(sum) > 1e-6))
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "the taps of resample_filter add up to %g, so they cannot be "
                                "scaled to add up to 1",
                                sum);
}

static void check_mapping(checking *check, const sg_mapping_config *mapping, int fewest_layers)
{
    check_range(check, "num_layers", mapping->num_layers, fewest_layers, SG_MAX_MAPPING_LAYERS);
    check_optional(check, "embed_features", mapping->embed_features, 1);
    check_optional(check, "layer_features", mapping->layer_features, 1);
    if (check->status)
        return;
    double rate = mapping->lr_multiplier;
    if (!(isfinite(rate) && rate > 0.0)) {
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "lr_multiplier is %g, but must be above 0", rate);
    } else if (!(mapping->w_avg_beta >= 0.0 && mapping->w_avg_beta <= 1.0)) {
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "w_avg_beta is %g, but must be from 0 to 1", mapping->w_avg_beta);
    }
}

static void check_stylegan2(checking *check, const sg_generator_config *config)
{
    check_range(check, "base_height", config->base_height, 1, LARGEST_BASE);
    check_range(check, "base_width", config->base_width, 1, LARGEST_BASE);
    check_range(check, "architecture", (int)config->architecture, SG_ARCHITECTURE_ORIG,
                SG_ARCHITECTURE_RESNET);
    check_filter(check, config->resample_filter, config->filter_taps);
}

static void check_between(checking *check, const char *name, double value, double low, double high)
{
    if (!check->status && !(value >= low && value <= high))
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "%s is %g, but must be from %g to %g", name, value, low, high);
}

/* Whether each layer's signal can be sampled and filtered, and has channels. */
static void check_signals(checking *check, const sg_generator_config *config)
{
    for (int i = 0; !check->status && i <= config->stylegan3.num_layers; i++) {
        sg_stylegan3_signal signal = sg_stylegan3_signal_of(config, i);
        if (!(signal.sampling_rate >= 1) || !(signal.cutoff < signal.sampling_rate) ||
            !(signal.half_width >= 0) || signal.channels < 1)
            check->status = sg_fail(
                check->error, SG_ERROR_ARGUMENT,
                "layer %d would have a cutoff of %g, a sampling rate of %g, a transition "
                "of %g and %d channels: first_cutoff, first_stopband, last_stopband_rel "
                "and img_resolution do not go together",
                i, signal.cutoff, signal.sampling_rate, 2 * signal.half_width, signal.channels);
    }
}

static void check_stylegan3(checking *check, const sg_generator_config *config)
{
    const sg_stylegan3_config *own = &config->stylegan3;
    const double largest = LARGEST_RESOLUTION;
    check_range(check, "num_layers", own->num_layers, 1, SG_STYLEGAN3_MAX_LAYERS - 1);
    check_range(check, "num_critical", own->num_critical, 0, own->num_layers - 1);
    check_range(check, "margin_size", own->margin_size, 0, LARGEST_MARGIN);
    check_range(check, "conv_kernel", own->conv_kernel, 1, LARGEST_KERNEL);
    check_range(check, "filter_size", own->filter_size, 1, LARGEST_FILTER);
    check_range(check, "lrelu_upsampling", own->lrelu_upsampling, 1, LARGEST_FACTOR);
    check_between(check, "first_cutoff", own->first_cutoff, 1 / largest, largest);
    check_between(check, "first_stopband", own->first_stopband, 1 / largest, largest);
    check_between(check, "last_stopband_rel", own->last_stopband_rel, 1 / largest, largest);
    check_between(check, "output_scale", own->output_scale, 0.0, 1e9);
    check_between(check, "magnitude_ema_beta", own->magnitude_ema_beta, 0.0, 1.0);
    check_signals(check, config);
}

/* What generators and discriminators that grow have in common. */
static void check_growing(checking *check, const sg_growing_config *config, const float *filter,
                          int taps, int base_height, int base_width)
{
    check_range(check, "base_height", base_height, 4, 4);
    check_range(check, "base_width", base_width, 4, 4);
    check_range(check, "fused_scale", (int)config->fused_scale, SG_FUSED_AUTO, SG_FUSED_NEVER);
    check_filter(check, filter, taps);
    if (!check->status && taps % 2 == 0)
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "resample_filter has %d taps, but as a blur it must have an odd "
                                "number of them",
                                taps);
}

/* Without mapping layers w is z and the label. */
static void check_plain_width(checking *check, const sg_generator_config *config)
{
    /* Only once z_dim and c_dim are known to be small enough to be added. */
    if (!check->status && config->mapping.num_layers == 0) {
        const int width = config->z_dim + config->c_dim;
        check_range(check, "w_dim (of z and label together, without mapping layers)", config->w_dim,
                    width, width);
    }
}

static void check_growing_generator(checking *check, const sg_generator_config *config)
{
    check_growing(check, &config->growing, config->resample_filter, config->filter_taps,
                  config->base_height, config->base_width);
    check_range(check, "truncation_cutoff", config->growing.truncation_cutoff, -1, LARGEST_WIDTH);
    if (!sg_family_maps(config->family))
        check_range(check, "num_layers", config->mapping.num_layers, 0, 0);
    check_plain_width(check, config);
}

/* DCGAN begins with 4x4 maps, and nothing comes between its latents and them. */
static void check_dcgan(checking *check, const sg_generator_config *config)
{
    check_range(check, "base_height", config->base_height, 4, 4);
    check_range(check, "base_width", config->base_width, 4, 4);
    check_range(check, "num_layers", config->mapping.num_layers, 0, 0);
    check_plain_width(check, config);
}

/* The fields that one family reads. */
static void check_family(checking *check, const sg_generator_config *config)
{
    switch (config->family) {
    case SG_STYLEGAN2:
        check_stylegan2(check, config);
        break;
    case SG_STYLEGAN3:
        check_stylegan3(check, config);
        break;
    case SG_STYLEGAN1:
    case SG_PROGAN:
        check_growing_generator(check, config);
        break;
    case SG_DCGAN:
        check_dcgan(check, config);
        break;
    case SG_FAMILY_COUNT:
        break;
    }
}

sg_status sg_generator_config_check(const sg_generator_config *config, sg_error *error)
{
    checking check = {.error = error};
    check_range(&check, "z_dim", config->z_dim, 1, LARGEST_WIDTH);
    check_range(&check, "c_dim", config->c_dim, 0, LARGEST_WIDTH);
    check_range(&check, "w_dim", config->w_dim, 1, LARGEST_WIDTH);
    check_resolution(&check, config->img_resolution);
    check_range(&check, "img_channels", config->img_channels, 1, LARGEST_WIDTH);
    /* StyleGAN3's channels follow from cutoffs, and are checked with those. */
    check_channels(&check, config->channel_base, config->channel_max,
                   config->family == SG_STYLEGAN3 ? 1 : config->img_resolution);
    check_clamp(&check, config->conv_clamp);
    check_mapping(&check, &config->mapping, sg_family_maps(config->family) ? 1 : 0);
    check_family(&check, config);
    return check.status;
}

/* The layer before the scores, where minibatch standard deviation and the labels come in. */
static void check_epilogue(checking *check, const sg_discriminator_config *config)
{
    check_optional(check, "cmap_dim", config->cmap_dim, 0);
    check_range(check, "mbstd_group_size", config->mbstd_group_size, 0, LARGEST_WIDTH);
    check_range(check, "mbstd_num_channels", config->mbstd_num_channels, 0, LARGEST_WIDTH);
    if (check->status)
        return;
    int channels = sg_channels_at(config->channel_base, config->channel_max, 4);
    if (config->mbstd_num_channels > 0 && channels % config->mbstd_num_channels != 0) {
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "mbstd_num_channels is %d, which does not divide the %d channels "
                                "of the last block",
                                config->mbstd_num_channels, channels);
        return;
    }
    int width = config->cmap_dim == -1 ? channels : config->cmap_dim;
    const sg_mapping_config *mapping = &config->mapping;
    if (config->c_dim > 0 && mapping->num_layers == 0 && mapping->embed_features != -1 &&
        mapping->embed_features != width)
        check->status = sg_fail(check->error, SG_ERROR_ARGUMENT,
                                "embed_features is %d, but without mapping layers it must be the "
                                "width of the label mapping, %d",
                                mapping->embed_features, width);
}

sg_status sg_discriminator_config_check(const sg_discriminator_config *config, sg_error *error)
{
    checking check = {.error = error};
    check_range(&check, "c_dim", config->c_dim, 0, LARGEST_WIDTH);
    check_resolution(&check, config->img_resolution);
    check_range(&check, "img_channels", config->img_channels, 1, LARGEST_WIDTH);
    check_range(&check, "base_height", config->base_height, 1, LARGEST_BASE);
    check_range(&check, "base_width", config->base_width, 1, LARGEST_BASE);
    check_channels(&check, config->channel_base, config->channel_max, config->img_resolution);
    check_range(&check, "architecture", (int)config->architecture, SG_ARCHITECTURE_ORIG,
                SG_ARCHITECTURE_RESNET);
    check_clamp(&check, config->conv_clamp);
    check_filter(&check, config->resample_filter, config->filter_taps);
    check_mapping(&check, &config->mapping, 0);
    check_epilogue(&check, config);
    if (sg_family_grows(config->family))
        check_growing(&check, &config->growing, config->resample_filter, config->filter_taps,
                      config->base_height, config->base_width);
    if (config->family == SG_DCGAN) {
        check_range(&check, "base_height", config->base_height, 4, 4);
        check_range(&check, "base_width", config->base_width, 4, 4);
        check_range(&check, "norm", (int)config->norm, 0, SG_NORM_COUNT - 1);
    }
    return check.status;
}
