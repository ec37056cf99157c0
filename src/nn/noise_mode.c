/* Names of noise modes, which are those of the official programs' options. */
#include "nn/noise_mode.h"

#include <string.h>

static const char *const names[] = {"const", "random", "none"};

const char *sg_noise_mode_name(sg_noise_mode mode)
{
    return names[mode];
}

int sg_noise_mode_from_name(const char *name)
{
    for (int mode = SG_NOISE_CONST; mode <= SG_NOISE_NONE; mode++)
        if (strcmp(names[mode], name) == 0)
            return mode;
    return -1;
}
