/*
 * StyleGAN (Karras et al. 2018) and ProGAN (Karras et al. 2017), which grow. ProGAN has neither a
 * mapping network nor noise, and does not blur.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include <string.h>

#include "models/config_fields.h"
#include "models/config_rules.h"
#include "models/growing/growing.h"
#include "models/network_size.h"

/* ---- tables ---- */

static bool read_fused_scale(const cJSON *json, void *value)
{
    sg_fused_scale *scale = value;
    if (cJSON_IsBool(json))
        *scale = cJSON_IsTrue(json) ? SG_FUSED_ALWAYS : SG_FUSED_NEVER;
    else
        *scale = SG_FUSED_AUTO;
    return cJSON_IsBool(json) || (cJSON_IsString(json) && strcmp(json->valuestring, "auto") == 0);
}

static cJSON *write_fused_scale(const void *value)
{
    const sg_fused_scale scale = *(const sg_fused_scale *)value;
    return scale == SG_FUSED_AUTO ? cJSON_CreateString("auto")
                                  : cJSON_CreateBool(scale == SG_FUSED_ALWAYS);
}

static const sg_field_codec fused_scale = {.from_json = read_fused_scale,
                                           .to_json = write_fused_scale,
                                           .expected = "true, false or \"auto\""};

#define FUSED_SCALE_ROW(type)                                                                      \
    {                                                                                              \
        "fused_scale", SG_CODED(type, growing.fused_scale, &fused_scale)                           \
    }

static const sg_field generator_rows[] = {
    SG_BASE_ROWS(sg_generator_config),
    {"use_noise", SG_FLAG(sg_generator_config, use_noise), SG_FLAGS(SG_FIELD_CHANGED)},
    SG_ACTIVATION_ROW(sg_generator_config, activation),
    SG_FILTER_ROW(sg_generator_config),
    FUSED_SCALE_ROW(sg_generator_config),
    {"truncation_cutoff",
     SG_INT(sg_generator_config, growing.truncation_cutoff, 0, SG_LARGEST_WIDTH),
     SG_FLAGS(SG_FIELD_NULLABLE), .null_value = -1},
    {"norm_epsilon", SG_NUMBER(sg_generator_config, growing.norm_epsilon, 0, 1),
     SG_FLAGS(SG_FIELD_CHANGED | SG_FIELD_ABOVE)},
    {"const_input_layer", SG_FLAG(sg_generator_config, growing.const_input),
     SG_FLAGS(SG_FIELD_CHANGED)},
};
static const SG_FIELD_TABLE(generator_rows, NULL);

static const sg_field discriminator_rows[] = {
    SG_NAMED_DISCRIMINATOR_ROWS,
    SG_BASE_ROWS(sg_discriminator_config),
    SG_ACTIVATION_ROW(sg_discriminator_config, activation),
    SG_FILTER_ROW(sg_discriminator_config),
    FUSED_SCALE_ROW(sg_discriminator_config),
    SG_MBSTD_ROWS,
};
static const SG_FIELD_TABLE(discriminator_rows, NULL);

/* ---- defaults ---- */

/* Writes the blur (1, 2, 1), or none for ProGAN, and returns its number of taps. */
static int set_filter(sg_family family, float filter[SG_MAX_FILTER_TAPS])
{
    filter[0] = 1.0f;
    filter[1] = 2.0f;
    filter[2] = 1.0f;
    return family == SG_PROGAN ? 1 : 3;
}

static const double usual_epsilon = 1e-8;

static sg_growing_config growing_of(sg_family family)
{
    return family == SG_PROGAN ? (sg_growing_config){SG_FUSED_ALWAYS, -1, usual_epsilon, false}
                               : (sg_growing_config){SG_FUSED_AUTO, 8, usual_epsilon, true};
}

static void set_generator_defaults(sg_generator_config *config)
{
    config->channel_base = 16384;
    config->growing = growing_of(config->family);
    config->filter_taps = set_filter(config->family, config->resample_filter);
    if (config->family == SG_STYLEGAN1)
        config->mapping.w_avg_beta = 0.995;
}

static void set_discriminator_defaults(sg_discriminator_config *config)
{
    config->channel_base = 16384;
    config->growing = growing_of(config->family);
    config->filter_taps = set_filter(config->family, config->resample_filter);
}

/* ---- checks ---- */

static sg_status check_blur(const float *filter, int taps, sg_error *error)
{
    SG_TRY(sg_check_filter(filter, taps, error));
    return taps % 2 ? SG_OK
                    : sg_fail(error, SG_ERROR_ARGUMENT,
                              "resample_filter has %d taps, but as a blur must have an odd number",
                              taps);
}

static sg_status check_generator(const sg_generator_config *config, sg_error *error)
{
    SG_TRY(sg_check_channels(config->channel_base, config->img_resolution, error));
    if (config->family == SG_PROGAN && config->growing.const_input)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "const_input_layer is true, but must be false for ProGAN, whose latents "
                       "reach the picture by that layer alone");
    return check_blur(config->resample_filter, config->filter_taps, error);
}

static sg_status check_discriminator(const sg_discriminator_config *config, sg_error *error)
{
    SG_TRY(sg_check_mbstd(config, error));
    return check_blur(config->resample_filter, config->filter_taps, error);
}

static double synthesis_values(const sg_generator_config *config)
{
    return sg_convolution_values(&config->channel_list, config->channel_base, config->channel_max,
                                 config->img_resolution);
}

/* ---- descriptors ---- */

#define GROWING_FAMILY                                                                             \
    .grows = true, .set_generator_defaults = set_generator_defaults,                               \
    .generator_fields = &generator_rows_table, .check_generator = check_generator,                 \
    .synthesis_values = synthesis_values,                                                          \
    .set_discriminator_defaults = set_discriminator_defaults,                                      \
    .discriminator_fields = &discriminator_rows_table, .check_discriminator = check_discriminator, \
    .discriminator_values = sg_scoring_values, .discriminator = &sg_growing_discriminator

const sg_family_descriptor sg_stylegan1_family = {GROWING_FAMILY, .title = "StyleGAN",
                                                  .mark = "synthesis.b4.layer0.", .maps = true,
                                                  .synthesis = &sg_stylegan1_synthesis};

const sg_family_descriptor sg_progan_family = {
    GROWING_FAMILY, .title = "ProGAN", .mark = "synthesis.b4.dense.", .ignores_labels = true,
    .synthesis = &sg_progan_synthesis};
