/* Names and arithmetic of configs; see config.h. Tested by: tests/models/test_config_json.c */
#include "models/config.h"

static const char *const architecture_names[] = {"orig", "skip", "resnet"};
const sg_choices sg_architecture_choices = SG_CHOICES(architecture_names);

static const char *const output_names[] = {"score", "classes", "attributes"};
const sg_choices sg_output_choices = SG_CHOICES(output_names);

int sg_channels_at(int channel_base, int channel_max, int resolution)
{
    const int channels = channel_base / resolution;
    return channels < channel_max ? channels : channel_max;
}

int sg_listed_channels_at(const sg_channel_list *list, int channel_base, int channel_max,
                          int resolution)
{
    int level = 0;
    while (level + 1 < list->count && 4 << level < resolution)
        level++;
    return list->count > 0 ? list->at[level]
                           : sg_channels_at(channel_base, channel_max, resolution);
}
