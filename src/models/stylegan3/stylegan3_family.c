/*
 * StyleGAN3 (Karras et al. 2021): generators with an input that has a transform. Their
 * discriminator is the default one.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include <math.h>

#include "models/config_fields.h"
#include "models/stylegan3/stylegan3.h"
#include "models/stylegan3/stylegan3_layers.h"

enum { LARGEST_FREQUENCY = 1024 };
#define SMALLEST_FREQUENCY (1.0 / LARGEST_FREQUENCY)

/* A row for a member of sg_stylegan3_config, with the flags of when it is written. */
#define COUNT(own, least, most, when)                                                              \
    {                                                                                              \
        .name = #own, SG_INT(sg_generator_config, stylegan3.own, least, most), SG_FLAGS(when)      \
    }
#define NUMBER(own, least, most, when)                                                             \
    {                                                                                              \
        .name = #own, SG_NUMBER(sg_generator_config, stylegan3.own, least, most), SG_FLAGS(when)   \
    }
enum { ALWAYS = 0, CHANGED = SG_FIELD_CHANGED };

static const sg_field synthesis_rows[] = {
    COUNT(num_layers, 1, SG_STYLEGAN3_MAX_LAYERS - 1, ALWAYS),
    COUNT(num_critical, 0, SG_STYLEGAN3_MAX_LAYERS - 1, CHANGED),
    NUMBER(first_cutoff, SMALLEST_FREQUENCY, LARGEST_FREQUENCY, CHANGED),
    NUMBER(first_stopband, SMALLEST_FREQUENCY, LARGEST_FREQUENCY, CHANGED),
    NUMBER(last_stopband_rel, SMALLEST_FREQUENCY, LARGEST_FREQUENCY, CHANGED),
    COUNT(margin_size, 0, 256, ALWAYS),
    NUMBER(output_scale, 0, 1e9, CHANGED),
    COUNT(conv_kernel, 1, 15, ALWAYS),
    COUNT(filter_size, 1, 64, CHANGED),
    COUNT(lrelu_upsampling, 1, 8, CHANGED),
    {"use_radial_filters", SG_FLAG(sg_generator_config, stylegan3.use_radial_filters)},
    SG_CLAMP_ROW(sg_generator_config),
    NUMBER(magnitude_ema_beta, 0, 1, ALWAYS),
    SG_IGNORED_ROW("num_fp16_res"),
};
static const SG_FIELD_TABLE(synthesis_rows, NULL);

static const sg_field nested_rows[] = {SG_CHANNEL_ROWS(sg_generator_config)};
static const SG_FIELD_TABLE(nested_rows, &synthesis_rows_table);

static const sg_field generator_rows[] = {
    SG_FLOAT16_ROW,
    SG_BASE_ROWS(sg_generator_config),
    {"synthesis_kwargs", .kind = SG_FIELD_OBJECT, .nested = &nested_rows_table,
     SG_FLAGS(SG_FIELD_READ_ONLY)},
};
static const SG_FIELD_TABLE(generator_rows, &synthesis_rows_table);

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
