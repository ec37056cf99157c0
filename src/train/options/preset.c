/* The published values of the presets; see preset.h. */
#include "train/options/preset.h"

#include "models/config_rules.h"

static void set_by_resolution(sg_trainer_options *o)
{
    o->batch = SG_FOLLOWS;
    o->generator.channel_base = o->discriminator.channel_base = SG_FOLLOWS;
    o->discriminator.mbstd_group_size = SG_FOLLOWS;
    o->g_rate = o->d_rate = SG_FOLLOWS;
    o->generator.mapping.num_layers = 2;
    o->augment.mode = SG_AUGMENT_ADAPTIVE;
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
    o->style_mixing_prob = o->pl_weight = 0;
    o->augment.mode = SG_AUGMENT_ADAPTIVE;
}

/* The configurations paper256, paper512 and paper1024 of stylegan2-ada-pytorch: Karras et al. 2020,
 * appendix C. */
static void set_paper(sg_trainer_options *o, int batch, int channel_base, double rate, double gamma)
{
    o->batch = batch;
    o->discriminator.mbstd_group_size = batch / 8; /* one group on each of eight processors */
    o->generator.channel_base = o->discriminator.channel_base = channel_base;
    o->g_rate = o->d_rate = rate;
    o->gamma = gamma;
    o->ema_kimg = batch * 10.0 / 32;
    o->ema_rampup = 0;
    o->augment.mode = SG_AUGMENT_ADAPTIVE;
}

static void set_paper256(sg_trainer_options *o)
{
    set_paper(o, 64, 16384, 0.0025, 1);
}

static void set_paper512(sg_trainer_options *o)
{
    set_paper(o, 64, 32768, 0.0025, 0.5);
}

static void set_paper1024(sg_trainer_options *o)
{
    set_paper(o, 32, 32768, 0.002, 2);
}

/* The configuration stylegan2-ext of stylegan3-fun, after Aydao's extended StyleGAN2. */
static void set_extended(sg_trainer_options *o)
{
    o->generator.z_dim = o->generator.w_dim = 1024;
    o->generator.mapping.num_layers = 4;
    o->discriminator.mbstd_num_channels = 4;
    o->g_rate = 0.0025;
    o->style_mixing_prob = o->pl_weight = 0;
    o->g_interval = 0;
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
    o->style_mixing_prob = o->pl_weight = 0;
    o->g_interval = 0;
}

static void set_stylegan3_r(sg_trainer_options *o)
{
    set_stylegan3(o);
    o->generator.stylegan3.conv_kernel = 1;
    o->generator.stylegan3.use_radial_filters = true;
    o->blur_init_sigma = 10;
}

/* Sets what both growing families share, with batches and rates for each resolution. */
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
    o->pl_weight = o->ema_rampup = 0;
    o->g_interval = o->d_interval = 0;
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
    o->gamma = o->style_mixing_prob = 0;
}

/* Radford et al. 2016, section 4. There was no averaged generator: a half-life of 0 copies G. */
static void set_dcgan(sg_trainer_options *o)
{
    o->batch = 64;
    o->g_rate = o->d_rate = 0.0002;
    o->beta1 = 0.5;
    o->beta2 = 0.999;
    o->gamma = o->pl_weight = o->style_mixing_prob = 0;
    o->g_interval = o->d_interval = 0;
    o->ema_kimg = o->ema_rampup = 0;
}

/* Adam's published values (Kingma and Ba 2015); the average is that of the other presets. */
static void set_classifier(sg_trainer_options *o)
{
    o->discriminator.output = SG_OUTPUT_CLASSES;
    o->discriminator.mbstd_num_channels = 0;
    o->generator.channel_base = o->discriminator.channel_base = 1024;
    o->generator.channel_max = o->discriminator.channel_max = 64;
    o->batch = 64;
    o->beta1 = 0.9;
    o->beta2 = 0.999;
    o->gamma = o->pl_weight = o->style_mixing_prob = 0;
    o->g_interval = o->d_interval = 0;
}

/* Richardson et al. 2021 and Tov et al. 2021: Ranger and the weights of losses. The published rate
 * of 0.0001 is for networks that are trained already; sizes are such that a CPU can train them. */
static void set_encoder(sg_trainer_options *o, sg_encoder_kind kind)
{
    o->encoding.encodes = true;
    o->encoding.encoder = sg_encoder_config_default(kind);
    o->encoding.own_share = 0.5;
    o->encoding.code_weight = 0.1;
    o->generator.channel_base = o->discriminator.channel_base = 1024;
    o->generator.channel_max = o->discriminator.channel_max = 64;
    o->discriminator.mbstd_num_channels = 0;
    o->optimiser = SG_RANGER;
    o->d_rate = 0.002;
    o->batch = 8;
    o->beta1 = 0.95;
    o->beta2 = 0.999;
    o->epsilon = 1e-5;
    o->gamma = o->pl_weight = o->style_mixing_prob = 0;
    o->g_interval = o->d_interval = 0;
}

static void set_encoder_psp(sg_trainer_options *o)
{
    set_encoder(o, SG_ENCODER_PSP);
}

static void set_encoder_e4e(sg_trainer_options *o)
{
    set_encoder(o, SG_ENCODER_E4E);
    o->encoding.delta_weight = 2e-4;
    o->encoding.latent_weight = 0.1;
    o->encoding.stage_kimg = 2;
}

static void set_encoder_w(sg_trainer_options *o)
{
    set_encoder(o, SG_ENCODER_W);
}

/* Gal et al. 2022: Adam without a mean of gradients and with the corrections of lazy regularisation
 * (steps between regularisations that nothing follows), two pictures a step, no average. */
static void set_nada(sg_trainer_options *o)
{
    o->nada.moves = true;
    o->nada.directional = o->nada.global = o->nada.manifold = SG_FOLLOWS;
    o->nada.layers = SG_FOLLOWS;
    o->nada.layer_steps = 1;
    o->nada.layer_batch = 8;
    o->batch = 2;
    o->discriminator.mbstd_num_channels = 0;
    o->gamma = o->pl_weight = o->style_mixing_prob = 0;
    o->g_interval = 4;
    o->d_interval = 0;
    o->ema_kimg = o->ema_rampup = 0;
}

/* Patashnik et al. 2021: the rate, of which layers learn a hundredth, and the weight of moves. Adam
 * in place of the published Ranger, whose lookahead halves each step, needs a hundredth of the
 * published 50,000 steps. */
static void set_mapper(sg_trainer_options *o)
{
    o->mapping.maps = true;
    o->mapping.l2 = 0.8;
    o->d_rate = 0.5;
    o->beta1 = 0.9;
    o->beta2 = 0.999;
    o->batch = 4;
    o->discriminator.mbstd_num_channels = 0;
    o->gamma = o->pl_weight = o->style_mixing_prob = 0;
    o->g_interval = o->d_interval = 0;
}

const sg_preset sg_presets[] = {
    {.name = "stylegan2",
     .meaning = "StyleGAN2, configuration F (Karras et al. 2020), the default",
     .family = SG_STYLEGAN2,
     .kimg = 25000},
    {.name = "stylegan2-e",
     .meaning = "StyleGAN2, configuration E: half the channels at high\n"
                "resolutions, gamma 100",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .set = set_config_e},
    {.name = "auto",
     .meaning = "StyleGAN2 with batch, channels, rates, averaging and gamma by\n"
                "the resolution and adaptive augmentation, as StyleGAN2-ADA\n"
                "chooses them",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .exact_gamma = true,
     .set = set_by_resolution},
    {.name = "cifar",
     .meaning = "StyleGAN2 as tuned for CIFAR-10 in StyleGAN2-ADA, with\n"
                "adaptive augmentation",
     .family = SG_STYLEGAN2,
     .kimg = 100000,
     .set = set_cifar},
    {.name = "dcgan",
     .meaning = "DCGAN (Radford et al. 2016): plain convolutions with batch\n"
                "normalisation, a base line for losses",
     .family = SG_DCGAN,
     .kimg = 15000,
     .set = set_dcgan},
    {.name = "progan",
     .meaning = "ProGAN (Karras et al. 2017), which grows from 4x4 under\n"
                "WGAN-GP",
     .family = SG_PROGAN,
     .kimg = 12000,
     .set = set_progan},
    {.name = "stylegan1",
     .meaning = "StyleGAN (Karras et al. 2018), which grows from 8x8",
     .family = SG_STYLEGAN1,
     .kimg = 25000,
     .set = set_stylegan1},
    {.name = "stylegan3-t",
     .meaning = "StyleGAN3 (Karras et al. 2021), whose details move with\n"
                "objects",
     .family = SG_STYLEGAN3,
     .kimg = 25000,
     .tracks_magnitudes = true,
     .set = set_stylegan3},
    {.name = "stylegan3-r",
     .meaning = "StyleGAN3 whose details move and turn with objects; its\n"
                "generator has twice the channels that are asked for",
     .family = SG_STYLEGAN3,
     .kimg = 25000,
     .tracks_magnitudes = true,
     .wide_generator = true,
     .fades_blur = true,
     .set = set_stylegan3_r},
    {.name = "paper256",
     .meaning = "StyleGAN2 as StyleGAN2-ADA's paper trains it at 256 pixels:\n"
                "batch 64, half the channels, gamma 1, adaptive augmentation",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .set = set_paper256},
    {.name = "paper512",
     .meaning = "the same at 512 pixels: batch 64, gamma 0.5",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .set = set_paper512},
    {.name = "paper1024",
     .meaning = "the same at 1024 pixels: batch 32, gamma 2",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .set = set_paper1024},
    {.name = "stylegan2-ext",
     .meaning = "StyleGAN2 with twice the channels in the generator, latents\n"
                "of 1024 numbers and no path length penalty, as stylegan3-fun\n"
                "has it",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .wide_generator = true,
     .exact_gamma = true,
     .set = set_extended},
    {.name = "fit",
     .meaning = "StyleGAN2 as auto, with resolution, channels, batch, gamma and\n"
                "length chosen for the pictures, this machine and the hours\n"
                "that there are; the default where no length is given",
     .family = SG_STYLEGAN2,
     .kimg = 25000,
     .fits = true,
     .exact_gamma = true,
     .set = set_by_resolution},
    {.name = "classifier",
     .meaning = "no pair of networks, but a classifier of the labels with the\n"
                "body of StyleGAN2's discriminator",
     .family = SG_STYLEGAN2,
     .kimg = 500,
     .set = set_classifier},
    {.name = "encoder-psp",
     .meaning = "an encoder for the generator of \"network\", as\n"
                "pixel2style2pixel: it tells a w for each layer",
     .family = SG_STYLEGAN2,
     .kimg = 200,
     .set = set_encoder_psp},
    {.name = "encoder-e4e",
     .meaning = "the same as encoder4editing: one w and differences from it,\n"
                "which are learned one after another",
     .family = SG_STYLEGAN2,
     .kimg = 200,
     .set = set_encoder_e4e},
    {.name = "encoder-w",
     .meaning = "the same with one w for all layers",
     .family = SG_STYLEGAN2,
     .kimg = 200,
     .set = set_encoder_w},
    {.name = "nada",
     .meaning = "a copy of the generator of \"network\" that is moved to another\n"
                "domain without pictures of it, as StyleGAN-NADA: by texts,\n"
                "attributes of a classifier, or a few pictures",
     .family = SG_STYLEGAN2,
     .kimg = 0.6,
     .set = set_nada},
    {.name = "mapper",
     .meaning = "a mapper for the generator of \"network\", as StyleCLIP's: it\n"
                "tells how any w moves for the picture to show a text or to\n"
                "have attributes of a classifier",
     .family = SG_STYLEGAN2,
     .kimg = 2,
     .set = set_mapper},
};

const size_t sg_preset_count = sizeof sg_presets / sizeof *sg_presets;
const sg_choices sg_preset_choices = SG_CHOICES(sg_presets);

const sg_preset *sg_preset_find(const char *name)
{
    const int index = sg_choice_find(&sg_preset_choices, name);
    return index < 0 ? NULL : &sg_presets[index];
}

const sg_preset *sg_preset_of(const sg_generator_config *config)
{
    for (size_t i = 0; i < sg_preset_count; i++)
        if (sg_presets[i].family == config->family &&
            sg_preset_options(&sg_presets[i]).generator.stylegan3.conv_kernel ==
                config->stylegan3.conv_kernel)
            return &sg_presets[i];
    return &sg_presets[0];
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
