/*
 * Augmentation as options have it: names, pipes as texts, published values.
 * Tested by: tests/train/options/test_resolved_options.c
 */
#include "train/options/augment_options.h"

#include <stdio.h>
#include <string.h>

static const char *const modes[] = {"noaug", "ada", "fixed"};
const sg_choices sg_augment_choices = SG_CHOICES(modes);

static sg_status parse_pipe(const char *text, void *value, sg_error *error)
{
    sg_augment_pipe pipe = {{0}, {{0}, {0}}};
    if (snprintf(pipe.text, sizeof pipe.text, "%s", text) >= (int)sizeof pipe.text)
        return sg_fail(error, SG_ERROR_ARGUMENT, "has %zu characters, but may have %zu",
                       strlen(text), sizeof pipe.text - 1);
    SG_TRY(sg_augment_spec_parse(text, "", &pipe.spec, error));
    *(sg_augment_pipe *)value = pipe;
    return SG_OK;
}

static bool pipe_from_json(const cJSON *json, void *value)
{
    return cJSON_IsString(json) && !parse_pipe(json->valuestring, value, NULL);
}

static cJSON *pipe_to_json(const void *value)
{
    return cJSON_CreateString(((const sg_augment_pipe *)value)->text);
}

const sg_field_codec sg_augment_pipe_codec = {.parse = parse_pipe,
                                              .from_json = pipe_from_json,
                                              .to_json = pipe_to_json,
                                              .expected = "names of augmentations, \"bgc\""};

sg_augment_pipe sg_augment_pipe_default(void)
{
    sg_augment_pipe pipe;
    parse_pipe("bgc", &pipe, NULL);
    return pipe;
}

sg_status sg_augment_check(const sg_augment_options *options, int channels, sg_error *error)
{
    sg_augment_spec grey = options->pipe.spec;
    grey.multiplier[SG_AUGMENT_HUE] = grey.multiplier[SG_AUGMENT_SATURATION] = 0;
    if (options->mode == SG_AUGMENT_NONE)
        return SG_OK;
    if (!sg_augment_spec_is_on(&options->pipe.spec))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"augment_pipe\" is \"%s\", which switches every augmentation off; "
                       "\"augment\" noaug says so",
                       options->pipe.text);
    if (channels < 3 && !sg_augment_spec_is_on(&grey))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "\"augment_pipe\" is \"%s\", but hue and saturation change nothing in grey "
                       "images",
                       options->pipe.text);
    return SG_OK;
}
