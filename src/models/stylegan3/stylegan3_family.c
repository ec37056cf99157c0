/*
 * StyleGAN3 (Karras et al. 2021): generators with an input that can be moved and turned. Their
 * discriminator is the default one.
 *
 * Tested by: tests/models/stylegan3/test_stylegan3_synthesis.c
 */
#include <math.h>

#include "models/config_fields.h"
#include "models/stylegan3/stylegan3.h"
#include "models/stylegan3/stylegan3_layers.h"

enum { LARGEST_FREQUENCY = 1024 };

/* A row for a member of sg_stylegan3_config, always written or only where it was changed. */
#define OWN(own, its_kind)                                                                         \
    .name = #own, .kind = (its_kind), .offset = offsetof(sg_generator_config, stylegan3.own)
#define FREQUENCY(own)                                                                             \
    {                                                                                              \
        OWN(own, SG_FIELD_NUMBER), .least = 1.0 / LARGEST_FREQUENCY, .most = LARGEST_FREQUENCY,    \
                                   .flags = SG_FIELD_CHANGED                                       \
    }

static const sg_field synthesis_rows[] = {
    {OWN(num_layers, SG_FIELD_INT), .least = 1, .most = SG_STYLEGAN3_MAX_LAYERS - 1},
    {OWN(num_critical, SG_FIELD_INT), .flags = SG_FIELD_CHANGED},
    FREQUENCY(first_cutoff),
    FREQUENCY(first_stopband),
    FREQUENCY(last_stopband_rel),
    {OWN(margin_size, SG_FIELD_INT), .most = 256},
    {OWN(output_scale, SG_FIELD_NUMBER), .most = 1e9, .flags = SG_FIELD_CHANGED},
    {OWN(conv_kernel, SG_FIELD_INT), .least = 1, .most = 15},
    {OWN(filter_size, SG_FIELD_INT), .least = 1, .most = 64, .flags = SG_FIELD_CHANGED},
    {OWN(lrelu_upsampling, SG_FIELD_INT), .least = 1, .most = 8, .flags = SG_FIELD_CHANGED},
    {OWN(use_radial_filters, SG_FIELD_FLAG)},
    SG_CLAMP_ROW(sg_generator_config),
    {OWN(magnitude_ema_beta, SG_FIELD_NUMBER), .most = 1},
    SG_IGNORED_ROW("num_fp16_res"),
};
static SG_FIELD_TABLE(synthesis_rows, NULL);

static const sg_field nested_rows[] = {SG_CHANNEL_ROWS(sg_generator_config)};
static SG_FIELD_TABLE(nested_rows, &synthesis_rows_table);

static const sg_field generator_rows[] = {
    SG_FLOAT16_ROW,
    {.name = "synthesis_kwargs",
     .kind = SG_FIELD_OBJECT,
     .nested = &nested_rows_table,
     .flags = SG_FIELD_READ_ONLY},
};
static SG_FIELD_TABLE(generator_rows, &synthesis_rows_table);

static void set_generator_defaults(sg_generator_config *config)
{
    config->conv_clamp = 256.0;
    config->mapping.num_layers = 2;
    config->use_noise = false;
    config->stylegan3 = (sg_stylegan3_config){.num_layers = 14,
                                              .num_critical = 2,
                                              .first_cutoff = 2.0,
                                              .first_stopband = exp2(2.1),
                                              .last_stopband_rel = exp2(0.3),
                                              .margin_size = 10,
                                              .output_scale = 0.25,
                                              .conv_kernel = 3,
                                              .filter_size = 6,
                                              .lrelu_upsampling = 2,
                                              .magnitude_ema_beta = 0.999};
}

/* Fails unless each layer's signal has channels and can be sampled and filtered. */
static sg_status check_generator(const sg_generator_config *config, sg_error *error)
{
    const sg_stylegan3_config *own = &config->stylegan3;
    if (own->num_critical >= own->num_layers)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "num_critical is %d, but must be below num_layers, %d", own->num_critical,
                       own->num_layers);
    for (int i = 0; i <= own->num_layers; i++) {
        const sg_stylegan3_signal signal = sg_stylegan3_signal_of(config, i);
        if (!(signal.sampling_rate >= 1) || !(signal.cutoff < signal.sampling_rate) ||
            !(signal.half_width >= 0) || signal.channels < 1)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "layer %d would have a cutoff of %g, a sampling rate of %g, a "
                           "transition of %g and %d channels: first_cutoff, first_stopband, "
                           "last_stopband_rel and img_resolution do not go together",
                           i, signal.cutoff, signal.sampling_rate, 2 * signal.half_width,
                           signal.channels);
    }
    return SG_OK;
}

static double synthesis_values(const sg_generator_config *config)
{
    const double channels = sg_stylegan3_signal_of(config, 0).channels;
    double values = channels * channels;
    for (int i = 0; i <= config->stylegan3.num_layers; i++) {
        const sg_alias_free_layer_options layer = sg_stylegan3_layer_options(config, i);
        const double in = layer.in_channels;
        values += in * layer.out_channels * layer.kernel_size * layer.kernel_size;
        values += in * config->w_dim;
    }
    return values;
}

const sg_family_descriptor sg_stylegan3_family = {
    .title = "StyleGAN3",
    .mark = "synthesis.input.",
    .maps = true,
    .input = "synthesis.input",
    .set_generator_defaults = set_generator_defaults,
    .generator_fields = &generator_rows_table,
    .check_generator = check_generator,
    .synthesis_values = synthesis_values,
    .synthesis = &sg_stylegan3_synthesis,
};
