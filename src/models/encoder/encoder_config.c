/*
 * Configs of encoders: one row for each keyword, and what must hold between them.
 *
 * Tested by: tests/models/encoder/test_encoder.c
 */
#include "models/encoder/encoder_config.h"

#include "models/config_fields.h"

static const char *const kind_names[] = {"psp", "e4e", "w"};
const sg_choices sg_encoder_choices = SG_CHOICES(kind_names);

#define LIST(member, most_)                                                                        \
    .name = #member, SG_MEMBER(INTS, sg_encoder_config, member), .least = 1, .most = (most_),      \
    .count = SG_ENCODER_STAGES

static const sg_field encoder_rows[] = {
    {"kind", SG_CHOICE(sg_encoder_config, kind, &sg_encoder_choices)},
    SG_COUNT_ROW(sg_encoder_config, img_resolution, SG_ENCODER_SMALLEST, SG_ENCODER_LARGEST),
    SG_COUNT_ROW(sg_encoder_config, img_channels, 1, 4),
    SG_COUNT_ROW(sg_encoder_config, stem_width, 1, SG_LARGEST_WIDTH),
    {LIST(widths, SG_LARGEST_WIDTH)},
    {LIST(units, SG_ENCODER_MOST_UNITS)},
    SG_COUNT_ROW(sg_encoder_config, se_reduction, 0, SG_LARGEST_WIDTH),
    {"style_width", SG_INT(sg_encoder_config, style_width, 0, SG_LARGEST_WIDTH),
     SG_FLAGS(SG_FIELD_CHANGED)},
    SG_COUNT_ROW(sg_encoder_config, num_ws, 1, SG_ENCODER_MOST_WS),
    SG_COUNT_ROW(sg_encoder_config, w_dim, 1, SG_LARGEST_WIDTH),
    SG_COUNT_ROW(sg_encoder_config, coarse, 1, SG_ENCODER_MOST_WS),
    SG_COUNT_ROW(sg_encoder_config, middle, 1, SG_ENCODER_MOST_WS),
};
static const SG_FIELD_TABLE(encoder_rows, NULL);

static const sg_fields_reading reading = {.subject = "the encoder's config", .name = "init_kwargs"};

sg_encoder_config sg_encoder_config_default(sg_encoder_kind kind)
{
    return (sg_encoder_config){.kind = kind,
                               .img_resolution = 256,
                               .img_channels = 3,
                               .stem_width = 64,
                               .widths = {64, 128, 256, 512},
                               .units = {3, 4, 14, 3},
                               .se_reduction = 16,
                               .num_ws = 18,
                               .w_dim = 512,
                               .coarse = 3,
                               .middle = 7};
}

sg_status sg_encoder_config_check(const sg_encoder_config *config, sg_error *error)
{
    const int side = config->img_resolution;
    SG_TRY(sg_fields_check(&encoder_rows_table, config, NULL, SG_SPELL_KEYWORD, error));
    if (side & (side - 1))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"img_resolution\" of an encoder is %d, but must be a power of two", side);
    if (config->middle < config->coarse)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"middle\" of an encoder is %d, but must be at least its \"coarse\", %d",
                       config->middle, config->coarse);
    for (int i = 0; i < SG_ENCODER_STAGES; i++)
        if (config->se_reduction > config->widths[i])
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"se_reduction\" of an encoder is %d, but must be at most the %d "
                           "channels of its stage %d",
                           config->se_reduction, config->widths[i], i);
    return SG_OK;
}

sg_status sg_encoder_config_from_json(const cJSON *init_kwargs, sg_encoder_config *config,
                                      sg_error *error)
{
    sg_encoder_config result = sg_encoder_config_default(SG_ENCODER_PSP);
    SG_TRY(sg_fields_from_json(&encoder_rows_table, &reading, init_kwargs, &result, NULL, error));
    SG_TRY(sg_encoder_config_check(&result, error));
    *config = result;
    return SG_OK;
}

cJSON *sg_encoder_config_to_json(const sg_encoder_config *config)
{
    const sg_encoder_config defaults = sg_encoder_config_default(config->kind);
    cJSON *object = cJSON_CreateObject();
    if (object && sg_fields_to_json(&encoder_rows_table, config, &defaults, object))
        return object;
    cJSON_Delete(object);
    return NULL;
}

double sg_encoder_config_values(const sg_encoder_config *config)
{
    double values = 9.0 * config->img_channels * config->stem_width;
    double in = config->stem_width;
    for (int i = 0; i < SG_ENCODER_STAGES; i++) {
        const double out = config->widths[i];
        values += 9 * (in + out) * out + 18 * out * out * (config->units[i] - 1);
        in = out;
    }
    const double blocks = config->kind == SG_ENCODER_W ? 0 : config->num_ws;
    return values + blocks * 9 * in * (config->style_width ? config->style_width : config->w_dim);
}
