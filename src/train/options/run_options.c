/*
 * The defaults of a training run.
 * Tested by: tests/train/options/test_preset.c
 */
#include "train/options/run_options.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sg_run_options sg_run_options_default(void)
{
    return (sg_run_options){.data = "",
                            .trainer = sg_trainer_options_default(),
                            .hours = 3,
                            .kimg = 25000,
                            .tick = 4,
                            .snap = 50,
                            .metrics_every = 1,
                            .metrics_nice = 10};
}

sg_status sg_feature_list_split(const char *features, sg_feature_list *list, sg_error *error)
{
    *list = (sg_feature_list){.count = 0};
    snprintf(list->text, sizeof list->text, "%s", features ? features : "");
    for (char *at = list->text; *at;) {
        if (list->count == SG_MOST_FEATURE_FILES)
            return sg_fail(error, SG_ERROR_ARGUMENT, "\"features\" names more than %d files",
                           SG_MOST_FEATURE_FILES);
        list->files[list->count++] = at;
        at += strcspn(at, ",");
        if (*at)
            *at++ = '\0';
    }
    return SG_OK;
}

/* ---- held-out pictures ---- */

static sg_status parse_held_out(const char *text, void *value, sg_error *error)
{
    sg_held_out held_out = {0};
    char *end = NULL;
    const long count = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0') {
        if (count < 1 || count > INT_MAX)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "is %.40s, but must be 1 or more images, or the path of a data set",
                           text);
        held_out.count = (int)count;
    } else if (*text == '\0' ||
               snprintf(held_out.path, SG_PATH_BYTES, "%s", text) >= SG_PATH_BYTES) {
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "must be a number of images, or the path of a data set");
    }
    *(sg_held_out *)value = held_out;
    return SG_OK;
}

static bool held_out_from_json(const cJSON *json, void *value)
{
    return cJSON_IsString(json) && !parse_held_out(json->valuestring, value, NULL);
}

static cJSON *held_out_to_json(const void *value)
{
    const sg_held_out *held_out = value;
    char text[SG_PATH_BYTES];
    snprintf(text, sizeof text, "%s", held_out->path);
    if (held_out->count > 0)
        snprintf(text, sizeof text, "%d", held_out->count);
    return cJSON_CreateString(text);
}

const sg_field_codec sg_held_out_codec = {.parse = parse_held_out,
                                          .from_json = held_out_from_json,
                                          .to_json = held_out_to_json,
                                          .expected = "a number of images or a path, as a text"};

/* ---- paths ---- */

static sg_status parse_path(const char *text, void *value, sg_error *error)
{
    if (*text == '\0' || strlen(text) >= SG_PATH_BYTES)
        return sg_fail(error, SG_ERROR_ARGUMENT, "must be the path of a file");
    memset(value, 0, SG_PATH_BYTES);
    memcpy(value, text, strlen(text));
    return SG_OK;
}

static bool path_from_json(const cJSON *json, void *value)
{
    return cJSON_IsString(json) && !parse_path(json->valuestring, value, NULL);
}

static cJSON *path_to_json(const void *value)
{
    return cJSON_CreateString(value);
}

const sg_field_codec sg_path_codec = {.parse = parse_path,
                                      .from_json = path_from_json,
                                      .to_json = path_to_json,
                                      .expected = "the path of a file, as a text"};
