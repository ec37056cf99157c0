/*
 * StyleGAN2 (Karras et al. 2020): configs with the keywords of the official programs, whose
 * discriminator is also that of StyleGAN3.
 *
 * Tested by: tests/models/test_config_json.c
 */
#include "models/config_fields.h"
#include "models/config_rules.h"
#include "models/level.h"
#include "models/network_size.h"
#include "models/stylegan2/stylegan2.h"

/* ---- the generator ---- */

static const sg_field synthesis_rows[] = {
    SG_ARCHITECTURE_ROW(sg_generator_config),
    SG_CLAMP_ROW(sg_generator_config),
    {"use_noise", SG_FLAG(sg_generator_config, use_noise), SG_FLAGS(SG_FIELD_CHANGED)},
    SG_ACTIVATION_ROW(sg_generator_config, activation),
    SG_FILTER_ROW(sg_generator_config),
    SG_IGNORED_ROW("num_fp16_res"),
    SG_IGNORED_ROW("use_fp16"),
    SG_IGNORED_ROW("use_fp16_before_res"),
    SG_IGNORED_ROW("channels_last"),
    SG_IGNORED_ROW("fp16_channels_last"),
    SG_IGNORED_ROW("fused_modconv_default"),
};
static const SG_FIELD_TABLE(synthesis_rows, NULL);

static const sg_field nested_rows[] = {SG_CHANNEL_ROWS(sg_generator_config)};
static const SG_FIELD_TABLE(nested_rows, &synthesis_rows_table);

static const sg_field generator_rows[] = {
    SG_CHANNEL_LIST_ROW(sg_generator_config),
    SG_FLOAT16_ROW,
    SG_BASE_ROWS(sg_generator_config),
    {"synthesis_kwargs", .kind = SG_FIELD_OBJECT, .nested = &nested_rows_table,
     SG_FLAGS(SG_FIELD_READ_ONLY)},
};
static const SG_FIELD_TABLE(generator_rows, &synthesis_rows_table);

/* A list of channels has as many as there are blocks. */
static sg_status check_list(const sg_channel_list *list, int resolution, sg_error *error)
{
    const int blocks = sg_block_count(resolution);
    return list->count == 0 || list->count == blocks
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT,
                         "channels has %d numbers, but must have %d, one for each block of the "
                         "resolution %d",
                         list->count, blocks, resolution);
}

static sg_status check_generator(const sg_generator_config *config, sg_error *error)
{
    SG_TRY(check_list(&config->channel_list, config->img_resolution, error));
    SG_TRY(sg_check_channels(config->channel_base, config->img_resolution, error));
    SG_TRY(
        sg_check_picture(config->base_height, config->base_width, config->img_resolution, error));
    return sg_check_filter(config->resample_filter, config->filter_taps, error);
}

static double synthesis_values(const sg_generator_config *config)
{
    double values = sg_convolution_values(&config->channel_list, config->channel_base,
                                          config->channel_max, config->img_resolution);
    double channels = SG_CHANNELS_AT(config, 4);
    values += channels * config->base_height * config->base_width;
    for (int at = 4; at <= config->img_resolution; at *= 2) {
        double out = SG_CHANNELS_AT(config, at);
        double pixels = (double)config->base_height * config->base_width * at * at / 16.0;
        values += config->use_noise ? pixels : 0.0;
        values += out * config->w_dim;
    }
    double picture = SG_CHANNELS_AT(config, config->img_resolution);
    return values + picture * config->img_channels;
}

/* ---- the discriminator ---- */

static const sg_field block_rows[] = {
    SG_ACTIVATION_ROW(sg_discriminator_config, activation),
    SG_FILTER_ROW(sg_discriminator_config),
    SG_IGNORED_ROW("fp16_channels_last"),
    SG_IGNORED_ROW("freeze_layers"),
};
static const SG_FIELD_TABLE(block_rows, NULL);

static const sg_field epilogue_rows[] = {
    SG_MBSTD_ROWS,
    SG_ACTIVATION_ROW(sg_discriminator_config, epilogue_activation),
};
static const SG_FIELD_TABLE(epilogue_rows, NULL);

static const sg_field discriminator_rows[] = {
    SG_COUNT_ROW(sg_discriminator_config, c_dim, 0, SG_LARGEST_WIDTH),
    SG_SIZE_ROWS(sg_discriminator_config),
    SG_BASE_ROWS(sg_discriminator_config),
    SG_CHANNEL_ROWS(sg_discriminator_config),
    SG_CHANNEL_LIST_ROW(sg_discriminator_config),
    SG_FLOAT16_ROW,
    SG_ARCHITECTURE_ROW(sg_discriminator_config),
    SG_CLAMP_ROW(sg_discriminator_config),
    {"cmap_dim", SG_INT(sg_discriminator_config, cmap_dim, 0, SG_LARGEST_WIDTH),
     SG_FLAGS(SG_FIELD_NULLABLE | SG_FIELD_CHANGED), .null_value = -1},
    {"block_kwargs", .kind = SG_FIELD_OBJECT, .nested = &block_rows_table,
     SG_FLAGS(SG_FIELD_CHANGED)},
    {"mapping_kwargs", SG_OBJECT(sg_discriminator_config, mapping, &sg_label_mapping_table),
     SG_FLAGS(SG_FIELD_CHANGED)},
    {"epilogue_kwargs", .kind = SG_FIELD_OBJECT, .nested = &epilogue_rows_table},
    {"output", SG_CHOICE(sg_discriminator_config, output, &sg_output_choices),
     SG_FLAGS(SG_FIELD_CHANGED)},
    SG_IGNORED_ROW("use_fp16"),
    SG_IGNORED_ROW("use_fp16_before_res"),
};
static const SG_FIELD_TABLE(discriminator_rows, NULL);

/* The official blocks and epilogue have an activation each, the network here has one. */
static sg_status check_activations(const sg_discriminator_config *config, sg_error *error)
{
    if (config->epilogue_activation == config->activation)
        return SG_OK;
    return sg_fail(error, SG_ERROR_FORMAT,
                   "the network's config asks for the activation %s in \"block_kwargs\" and %s in "
                   "\"epilogue_kwargs\", but they must be the same",
                   sg_activation_name(config->activation),
                   sg_activation_name(config->epilogue_activation));
}

/* Without mapping layers, the label's embedding is multiplied with the features. */
static sg_status check_embedding(const sg_discriminator_config *config, int channels,
                                 sg_error *error)
{
    const sg_mapping_config *mapping = &config->mapping;
    const int width = config->cmap_dim == -1 ? channels : config->cmap_dim;
    if (config->c_dim == 0 || config->output != SG_OUTPUT_SCORE || mapping->num_layers > 0 ||
        mapping->embed_features == -1 || mapping->embed_features == width)
        return SG_OK;
    return sg_fail(error, SG_ERROR_ARGUMENT,
                   "embed_features is %d, but without mapping layers must be the width of the "
                   "label mapping, %d",
                   mapping->embed_features, width);
}

/* A classifier has an output for each class, and pictures whose outputs are their own. */
static sg_status check_output(const sg_discriminator_config *config, sg_error *error)
{
    if (config->output == SG_OUTPUT_SCORE)
        return SG_OK;
    if (config->c_dim == 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "c_dim is 0, but must be the number of %s that a classifier tells",
                       sg_choice_name(&sg_output_choices, config->output));
    if (config->mbstd_num_channels > 0)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "mbstd_num_channels is %d, but must be 0 for a classifier, which tells the "
                       "same of a picture whatever is beside it",
                       config->mbstd_num_channels);
    return SG_OK;
}

static sg_status check_discriminator(const sg_discriminator_config *config, sg_error *error)
{
    SG_TRY(check_activations(config, error));
    SG_TRY(check_list(&config->channel_list, config->img_resolution, error));
    SG_TRY(
        sg_check_picture(config->base_height, config->base_width, config->img_resolution, error));
    SG_TRY(sg_check_filter(config->resample_filter, config->filter_taps, error));
    SG_TRY(sg_check_mbstd(config, error));
    SG_TRY(check_output(config, error));
    return check_embedding(config, SG_CHANNELS_AT(config, 4), error);
}

static double discriminator_values(const sg_discriminator_config *config)
{
    const int channels = SG_CHANNELS_AT(config, 4);
    const int width = config->cmap_dim < 0 ? channels : config->cmap_dim;
    const int embedded =
        config->mapping.embed_features < 0 ? width : config->mapping.embed_features;
    double values = sg_scoring_values(config);
    if (config->output != SG_OUTPUT_SCORE) {
        values += (double)channels * config->c_dim;
    } else if (config->c_dim > 0) {
        values += (double)channels * width;
        values += width > 0 ? sg_mapping_values(&config->mapping, 0, config->c_dim, embedded, width)
                            : 0.0;
    }
    return values;
}

const sg_family_descriptor sg_stylegan2_family = {
    .title = "StyleGAN2",
    .mark = "synthesis.b4.conv1.",
    .maps = true,
    .rectangles = true,
    .moves_constant = true,
    .generator_fields = &generator_rows_table,
    .check_generator = check_generator,
    .synthesis_values = synthesis_values,
    .synthesis = &sg_stylegan2_synthesis,
    .discriminator_fields = &discriminator_rows_table,
    .check_discriminator = check_discriminator,
    .discriminator_values = discriminator_values,
    .discriminator = &sg_stylegan2_discriminator,
};
