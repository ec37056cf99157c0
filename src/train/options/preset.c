/* The published values of the presets. */
#include "train/options/preset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/config_rules.h"

static void set_by_resolution(sg_trainer_options *o)
{
    o->batch = SG_FOLLOWS;
    o->generator.channel_base = o->discriminator.channel_base = SG_FOLLOWS;
    o->discriminator.mbstd_group_size = SG_FOLLOWS;
    o->g_rate = o->d_rate = SG_FOLLOWS;
    o->generator.mapping.num_layers = 2;
}

/* Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", appendix C. */
static void set_cifar(sg_trainer_options *o)
{
    o->batch = 64;
    o->discriminator.mbstd_group_size = 32;
    o->discriminator.architecture = SG_ARCHITECTURE_ORIG;
    o->generator.mapping.num_layers = 2;
    o->g_rate = o->d_rate = 0.0025;
    o->gamma = 0.01;
    o->ema_kimg = 500;
    o->style_mixing_prob = 0;
    o->pl_weight = 0;
}

/* Karras et al. 2020, table 1: networks as small as StyleGAN's. */
static void set_config_e(sg_trainer_options *o)
{
    o->generator.channel_base = o->discriminator.channel_base = 16384;
    o->gamma = 100;
}

static void set_stylegan3(sg_trainer_options *o)
{
    o->g_rate = 0.0025;
    o->style_mixing_prob = 0;
    o->pl_weight = 0;
    o->g_interval = 0;
}

static void set_stylegan3_r(sg_trainer_options *o)
{
    set_stylegan3(o);
    o->generator.stylegan3.conv_kernel = 1;
    o->generator.stylegan3.use_radial_filters = true;
    o->blur_init_sigma = 10;
}

/* What both families that grow train with. Batches and rates for one resolution after the other. */
static void set_growing(sg_trainer_options *o, const int batch[SG_GROWING_LEVELS],
                        const double rate[SG_GROWING_LEVELS])
{
    o->growing = (sg_growing_schedule){.stable_kimg = 600, .fade_kimg = 600, .repeats = 4};
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        o->growing.batch[i] = batch[i];
        o->growing.g_rate[i] = o->growing.d_rate[i] = rate[i];
    }
    o->batch = SG_FOLLOWS;
    o->g_rate = o->d_rate = SG_FOLLOWS;
    o->pl_weight = 0;
    o->g_interval = o->d_interval = 0;
    o->ema_rampup = 0;
}

/* Karras et al. 2018, with the batches of the official program for eight processors. */
static void set_stylegan1(sg_trainer_options *o)
{
    static const int batch[] = {512, 256, 128, 64, 32, 32, 32, 32, 32};
    static const double rate[] = {0.001, 0.001, 0.001, 0.001, 0.001, 0.0015, 0.002, 0.003, 0.003};
    set_growing(o, batch, rate);
    o->growing.initial_resolution = 8;
    o->gamma = 10;
    o->track_w_in_g = true;
}

/* Karras et al. 2017, with the batches of the official program for one processor. */
static void set_progan(sg_trainer_options *o)
{
    static const int batch[] = {128, 128, 128, 64, 32, 16, 8, 4, 4};
    static const double rate[] = {0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.0015};
    set_growing(o, batch, rate);
    o->growing.initial_resolution = 4;
    o->loss = SG_LOSS_WGAN_GP;
    o->gamma = 0;
    o->style_mixing_prob = 0;
}

/* Radford et al. 2016, section 4; the average is G itself, since there was none. */
static void set_dcgan(sg_trainer_options *o)
{
    o->batch = 64;
    o->g_rate = o->d_rate = 0.0002;
    o->beta1 = 0.5;
    o->beta2 = 0.999;
    o->gamma = 0;
    o->pl_weight = 0;
    o->g_interval = o->d_interval = 0;
    o->style_mixing_prob = 0;
    o->ema_kimg = o->ema_rampup = 0;
}

const sg_preset sg_presets[] = {
    {"stylegan2", "StyleGAN2, configuration F (Karras et al. 2020), the default", SG_STYLEGAN2,
     25000, false, NULL},
    {"stylegan2-e",
     "StyleGAN2, configuration E: half the channels at high\n"
     "resolutions, gamma 100",
     SG_STYLEGAN2, 25000, false, set_config_e},
    {"auto",
     "StyleGAN2 with batch, channels, rates, averaging and gamma by\n"
     "the resolution, as StyleGAN2-ADA chooses them (its\n"
     "augmentation is not there yet)",
     SG_STYLEGAN2, 25000, false, set_by_resolution},
    {"cifar",
     "StyleGAN2 as tuned for CIFAR-10 in StyleGAN2-ADA (its\n"
     "augmentation is not there yet)",
     SG_STYLEGAN2, 100000, false, set_cifar},
    {"dcgan",
     "DCGAN (Radford et al. 2016): plain convolutions with batch\n"
     "normalisation, a base line for losses",
     SG_DCGAN, 15000, false, set_dcgan},
    {"progan",
     "ProGAN (Karras et al. 2017), which grows from 4x4 under\n"
     "WGAN-GP",
     SG_PROGAN, 12000, false, set_progan},
    {"stylegan1", "StyleGAN (Karras et al. 2018), which grows from 8x8", SG_STYLEGAN1, 25000, false,
     set_stylegan1},
    {"stylegan3-t",
     "StyleGAN3 (Karras et al. 2021), whose details move with\n"
     "objects",
     SG_STYLEGAN3, 25000, false, set_stylegan3},
    {"stylegan3-r",
     "StyleGAN3 whose details move and turn with objects; its\n"
     "generator has twice the channels that --cbase and --cmax say",
     SG_STYLEGAN3, 25000, true, set_stylegan3_r},
};

const size_t sg_preset_count = sizeof sg_presets / sizeof *sg_presets;

const sg_preset *sg_preset_find(const char *name)
{
    for (size_t i = 0; i < sg_preset_count; i++)
        if (strcmp(sg_presets[i].name, name) == 0)
            return &sg_presets[i];
    return NULL;
}

void sg_preset_list(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < sg_preset_count && length < size; i++) {
        const char *before = i == 0 ? "" : i + 1 < sg_preset_count ? ", " : " or ";
        int added = snprintf(text + length, size - length, "%s%s", before, sg_presets[i].name);
        length += added > 0 ? (size_t)added : 0;
    }
}

sg_trainer_options sg_preset_options(const sg_preset *preset)
{
    sg_trainer_options options = sg_trainer_options_default();
    options.generator = sg_generator_config_of_family(preset->family);
    options.discriminator = sg_discriminator_config_of_family(preset->family);
    options.gamma = options.ema_kimg = SG_FOLLOWS;
    if (preset->set)
        preset->set(&options);
    return options;
}

/*
 * The published half-life of 10 kimg belongs to fades of 600. An average that remembers what new
 * layers were before a short fade would show them at their worst.
 */
static double growing_half_life(const sg_growing_schedule *growing)
{
    double phase = growing->fade_kimg > 0 ? growing->fade_kimg : growing->stable_kimg;
    return fmin(10, phase / 20);
}

/* The average's half-life, unless it was given or the preset has one of its own. */
static void follow_half_life(sg_trainer_options *options)
{
    if (options->ema_kimg >= 0)
        return;
    if (options->growing.initial_resolution > 0)
        options->ema_kimg = growing_half_life(&options->growing);
    else if (options->batch > 0)
        options->ema_kimg = options->batch * 10.0 / 32;
}

/* A value given for all resolutions takes the place of the schedule's. */
static void level_schedule(const sg_trainer_options *options, sg_growing_schedule *growing)
{
    for (int i = 0; i < SG_GROWING_LEVELS; i++) {
        if (options->batch > 0)
            growing->batch[i] = options->batch;
        if (options->g_rate >= 0)
            growing->g_rate[i] = options->g_rate;
        if (options->d_rate >= 0)
            growing->d_rate[i] = options->d_rate;
    }
}

void sg_preset_complete(const sg_preset *preset, sg_trainer_options *options)
{
    follow_half_life(options);
    level_schedule(options, &options->growing);
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

static void set_int(int value, int *option)
{
    if (*option < 0)
        *option = value;
}

static void set_double(double value, double *option)
{
    if (*option < 0)
        *option = value;
}

/*
 * R1's published rule of thumb. It is far too small below 256 pixels without augmentation, so there
 * is a floor for all but the preset that is meant to be as published.
 */
static double gamma_for(const sg_preset *preset, int resolution, int batch)
{
    double published = 0.0002 * resolution * resolution / batch;
    return preset->set == set_by_resolution ? published : fmax(1, published);
}

/* The rules of StyleGAN2-ADA's configuration `auto` for one processor. */
void sg_preset_fit(const sg_preset *preset, sg_trainer_options *options, int resolution)
{
    if (options->growing.initial_resolution > 0) {
        int last = sg_growing_level(resolution);
        options->batch = options->growing.batch[last];
        options->g_rate = options->growing.g_rate[last];
        options->d_rate = options->growing.d_rate[last];
    }
    int largest = resolution < 4096 ? 4096 / resolution : 1;
    set_int(largest < 32 ? largest : 32, &options->batch);
    set_int(options->batch < 4 ? options->batch : 4, &options->discriminator.mbstd_group_size);
    set_int(resolution >= 512 ? 32768 : 16384, &options->generator.channel_base);
    set_int(options->generator.channel_base, &options->discriminator.channel_base);
    set_double(resolution >= 1024 ? 0.002 : 0.0025, &options->g_rate);
    set_double(options->g_rate, &options->d_rate);
    set_double(gamma_for(preset, resolution, options->batch), &options->gamma);
    follow_half_life(options);
}
