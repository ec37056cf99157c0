/* Names and arithmetic of configs; see config.h. Tested by: tests/models/test_config_json.c */
#include "models/config.h"

static const char *const architecture_names[] = {"orig", "skip", "resnet"};
const sg_choices sg_architecture_choices = SG_CHOICES(architecture_names);

int sg_channels_at(int channel_base, int channel_max, int resolution)
{
    const int channels = channel_base / resolution;
    return channels < channel_max ? channels : channel_max;
}
