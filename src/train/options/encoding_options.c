/*
 * Options of encoders' trainings: how they are read and written, and the stages of e4e.
 * Tested by: tests/cli/test_train_encoder.c
 */
#include "train/options/encoding_options.h"

#include <stdio.h>
#include <string.h>

/* ---- losses ---- */

static sg_status parse_losses(const char *text, void *value, sg_error *error)
{
    return sg_invert_weights_parse(text, value, error);
}

static bool losses_from_json(const cJSON *json, void *value)
{
    return cJSON_IsString(json) && !sg_invert_weights_parse(json->valuestring, value, NULL);
}

static cJSON *losses_to_json(const void *value)
{
    const sg_invert_weights *weights = value;
    char text[SG_INVERT_LOSS_COUNT * 48] = "";
    size_t length = 0;
    for (int i = 0; i < SG_INVERT_LOSS_COUNT; i++)
        if (weights->of[i] > 0)
            length += (size_t)snprintf(
                text + length, sizeof text - length, "%s%s=%.17g", length > 0 ? "," : "",
                sg_choice_name(&sg_invert_loss_choices, (size_t)i), weights->of[i]);
    return cJSON_CreateString(text);
}

const sg_field_codec sg_encoder_loss_codec = {.parse = parse_losses,
                                              .from_json = losses_from_json,
                                              .to_json = losses_to_json,
                                              .expected = "losses as NAME=WEIGHT,..."};

/* ---- sizes ---- */

static bool sizes_from_json(const cJSON *json, void *value)
{
    return cJSON_IsObject(json) && !sg_encoder_config_from_json(json, value, NULL);
}

static cJSON *sizes_to_json(const void *value)
{
    return sg_encoder_config_to_json(value);
}

const sg_field_codec sg_encoder_sizes_codec = {
    .from_json = sizes_from_json, .to_json = sizes_to_json, .expected = "an encoder's init_kwargs"};

bool sg_encoding_is_adversarial(const sg_encoding_options *options)
{
    return options->encoder.kind == SG_ENCODER_E4E && options->latent_weight > 0;
}

int sg_encoding_stage(const sg_encoding_options *options, double images)
{
    const double stage =
        options->stage_kimg > 0 ? images / (options->stage_kimg * 1000) : SG_ENCODER_ALL_DELTAS;
    return stage < SG_ENCODER_ALL_DELTAS ? (int)stage : SG_ENCODER_ALL_DELTAS;
}
