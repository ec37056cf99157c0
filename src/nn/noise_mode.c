/* Names of noise modes, as in the official programs' options. */
#include "nn/noise_mode.h"

static const char *const names[] = {"const", "random", "none"};
const sg_choices sg_noise_modes = SG_CHOICES(names);

const char *sg_noise_mode_name(sg_noise_mode mode)
{
    return names[mode];
}
