/* The published values of the presets. */
#include "train/preset.h"

#include <math.h>
#include <string.h>

const sg_preset sg_presets[] = {
    {"stylegan2", SG_STYLEGAN2, false},
    {"stylegan3-t", SG_STYLEGAN3, false},
    {"stylegan3-r", SG_STYLEGAN3, true},
};

const size_t sg_preset_count = sizeof sg_presets / sizeof *sg_presets;

const sg_preset *sg_preset_find(const char *name)
{
    for (size_t i = 0; i < sg_preset_count; i++)
        if (strcmp(sg_presets[i].name, name) == 0)
            return &sg_presets[i];
    return NULL;
}

sg_trainer_options sg_preset_options(const sg_preset *preset)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = sg_generator_config_of_family(preset->family);
    if (preset->family == SG_STYLEGAN3) {
        options.g_rate = 0.0025;
        options.style_mixing_prob = 0;
        options.pl_weight = 0;
        options.g_interval = 0;
    }
    if (preset->rotations) {
        options.generator.stylegan3.conv_kernel = 1;
        options.generator.stylegan3.use_radial_filters = true;
        options.blur_init_sigma = 10;
    }
    return options;
}

void sg_preset_complete(const sg_preset *preset, sg_trainer_options *options)
{
    options->ema_kimg = options->batch * 10.0 / 32;
    if (preset->family == SG_STYLEGAN3)
        options->generator.stylegan3.magnitude_ema_beta = pow(0.5, options->batch / 20e3);
    if (preset->rotations) {
        options->generator.channel_base *= 2;
        options->generator.channel_max *= 2;
        options->blur_fade_kimg = options->batch * 200.0 / 32;
    }
    /* A path length penalty that the preset has not is as lazy as StyleGAN2's. */
    if (options->pl_weight > 0 && options->g_interval == 0)
        options->g_interval = sg_trainer_options_default().g_interval;
}
