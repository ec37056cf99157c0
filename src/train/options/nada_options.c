/*
 * How the options of StyleGAN-NADA are read and written.
 * Tested by: tests/cli/test_train_nada.c
 */
#include "train/options/nada_options.h"

#include <string.h>

static sg_status parse_words(const char *text, void *value, sg_error *error)
{
    if (*text == '\0' || strlen(text) >= SG_WORDS_BYTES)
        return sg_fail(error, SG_ERROR_ARGUMENT, "has %zu bytes, but must have 1 to %d",
                       strlen(text), SG_WORDS_BYTES - 1);
    memset(value, 0, SG_WORDS_BYTES);
    memcpy(value, text, strlen(text));
    return SG_OK;
}

static bool words_from_json(const cJSON *json, void *value)
{
    return cJSON_IsString(json) && !parse_words(json->valuestring, value, NULL);
}

static cJSON *words_to_json(const void *value)
{
    return cJSON_CreateString(value);
}

const sg_field_codec sg_words_codec = {.parse = parse_words,
                                       .from_json = words_from_json,
                                       .to_json = words_to_json,
                                       .expected = "a text"};

static const char *const distances[] = {
    [SG_NADA_COSINE] = "cosine", [SG_NADA_SQUARE] = "mse", [SG_NADA_ABSOLUTE] = "mae"};
const sg_choices sg_nada_distance_choices = SG_CHOICES(distances);
