/*
 * The configs of networks as plain data. Members have the names of the official keywords, so that
 * JSON and structs map one to one (models/config_json.h).
 */
#ifndef SG_MODELS_CONFIG_H
#define SG_MODELS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/choices.h"
#include "models/families.h"
#include "nn/norm_layer.h"
#include "ops/activation.h"

/* How blocks are joined (Karras et al. 2020, figure 7). */
typedef enum sg_architecture {
    SG_ARCHITECTURE_ORIG,
    SG_ARCHITECTURE_SKIP,
    SG_ARCHITECTURE_RESNET
} sg_architecture;

/* "orig", "skip", "resnet". */
extern const sg_choices sg_architecture_choices;

enum {
    SG_MAX_FILTER_TAPS = 16,
    SG_LARGEST_RESOLUTION = 4096, /* of networks, and the longest side of their pictures */
    SG_LARGEST_BASE = 64          /* the longest side of a constant */
};

enum { SG_MOST_LEVELS = 11 /* resolutions of a network, from 4 to 4096 */ };

/* The channels at 4, 8, 16 ... of a StyleGAN2 whose numbers follow no formula. */
typedef struct sg_channel_list {
    int count; /* levels, all that the network has; 0: channel_base and channel_max hold */
    int at[SG_MOST_LEVELS];
} sg_channel_list;

/* The mapping network: z (and label) to w. */
typedef struct sg_mapping_config {
    int num_layers;           /* 8; 0: w is z and the label side by side */
    int embed_features;       /* width of the label's embedding; -1: w_dim */
    int layer_features;       /* width of hidden layers; -1: w_dim */
    sg_activation activation; /* lrelu */
    double lr_multiplier;     /* 0.01 */
    double w_avg_beta;        /* decay of the tracked average of w, 0.998 */
} sg_mapping_config;

/* StyleGAN3's generator (Karras et al. 2021, appendix A); cutoffs and stopbands are in cycles per
 * picture. */
typedef struct sg_stylegan3_config {
    int num_layers;            /* 14, without the input and the layer of the colours */
    int num_critical;          /* 2: layers at the end that are sampled critically */
    double first_cutoff;       /* 2: of the input */
    double first_stopband;     /* 2^2.1 */
    double last_stopband_rel;  /* 2^0.3: the last stopband over the last cutoff */
    int margin_size;           /* 10: pixels beyond the picture on each side */
    double output_scale;       /* 0.25 */
    int conv_kernel;           /* 3; 1 in configuration R */
    int filter_size;           /* 6: taps of a filter at its lower sampling rate */
    int lrelu_upsampling;      /* 2: the sampling rate of activations over that of signals */
    bool use_radial_filters;   /* false; true in configuration R */
    double magnitude_ema_beta; /* 0.999: decay of the tracked magnitudes */
} sg_stylegan3_config;

/* Which convolutions of a growing network also resample. */
typedef enum sg_fused_scale {
    SG_FUSED_AUTO, /* those whose larger picture has 128 pixels or more on a side */
    SG_FUSED_ALWAYS,
    SG_FUSED_NEVER
} sg_fused_scale;

/*
 * Networks that grow: StyleGAN (Karras et al. 2018) and ProGAN (Karras et al. 2017). Their
 * `resample_filter` blurs after upsampling and before downsampling; a single tap does nothing.
 */
typedef struct sg_growing_config {
    sg_fused_scale fused_scale; /* auto; ProGAN: always */
    int truncation_cutoff;      /* 8: generating truncates inputs below it by default; -1: all
                                   inputs, ProGAN's */
    double norm_epsilon;        /* 1e-8: added to the variance of what is normalised */
    bool const_input;           /* the first features are a constant, StyleGAN's default; otherwise
                                   a linear layer makes them of the first w, ProGAN's way */
} sg_growing_config;

/* A generator of any family. A family ignores the members that are not in its table. */
typedef struct sg_generator_config {
    sg_family family;                 /* StyleGAN2 */
    int z_dim, c_dim, w_dim;          /* 512, 0, 512; without a mapping network, w_dim is
                                         z_dim + c_dim */
    int img_resolution, img_channels; /* 256, 3 */
    int base_height, base_width;      /* 4, 4: size of the constant, "init_res" in files;
                                         the picture's size is base * img_resolution / 4
                                         in each direction */
    int channel_base, channel_max;    /* 32768, 512: channels at resolution r are
                                         min(channel_base / r, channel_max) */
    sg_channel_list channel_list;
    sg_architecture architecture;              /* skip */
    double conv_clamp;                         /* -1: none; StyleGAN3: 256 */
    bool use_noise;                            /* true; StyleGAN3 and ProGAN: false */
    sg_activation activation;                  /* lrelu */
    int filter_taps;                           /* 4 */
    float resample_filter[SG_MAX_FILTER_TAPS]; /* 1, 3, 3, 1; StyleGAN: 1, 2, 1; ProGAN: 1 */
    sg_mapping_config mapping;                 /* StyleGAN3: 2 layers; ProGAN and DCGAN: 0 */
    sg_stylegan3_config stylegan3;
    sg_growing_config growing;
} sg_generator_config;

/* What a discriminator's body tells of a picture. */
typedef enum sg_discriminator_output {
    SG_OUTPUT_SCORE,     /* one number: how real it is */
    SG_OUTPUT_CLASSES,   /* a classifier's logits of classes, of which one holds: softmax */
    SG_OUTPUT_ATTRIBUTES /* a classifier's logits of attributes, any of which hold: sigmoids */
} sg_discriminator_output;

/* "score", "classes", "attributes". */
extern const sg_choices sg_output_choices;

/* A discriminator of any family. A family ignores the members that are not in its table. */
typedef struct sg_discriminator_config {
    sg_family family;                 /* StyleGAN2, also for StyleGAN3's generator */
    int c_dim;                        /* 0 */
    int img_resolution, img_channels; /* 256, 3 */
    int base_height, base_width;      /* 4, 4 */
    int channel_base, channel_max;    /* 32768, 512 */
    sg_channel_list channel_list;
    sg_architecture architecture;      /* resnet */
    double conv_clamp;                 /* -1 */
    int cmap_dim;                      /* width of the mapped label; -1: the channels at 4x4 */
    sg_activation activation;          /* lrelu */
    sg_activation epilogue_activation; /* of StyleGAN2's last block in files; always `activation` */
    int filter_taps;
    float resample_filter[SG_MAX_FILTER_TAPS];
    sg_discriminator_output output; /* score; a classifier has c_dim outputs and takes no labels */
    int mbstd_group_size;           /* 4; 0: the whole batch */
    int mbstd_num_channels;         /* 1; 0: no minibatch standard deviation */
    sg_mapping_config mapping;
    sg_growing_config growing;
    sg_norm_kind norm; /* DCGAN: batch */
} sg_discriminator_config;

/* Files and tables have the two as one list. */
_Static_assert(offsetof(sg_generator_config, base_width) ==
                       offsetof(sg_generator_config, base_height) + sizeof(int) &&
                   offsetof(sg_discriminator_config, base_width) ==
                       offsetof(sg_discriminator_config, base_height) + sizeof(int),
               "base_height and base_width are neighbours");

/* min(channel_base / resolution, channel_max). */
int sg_channels_at(int channel_base, int channel_max, int resolution);

/* Returns the channels at a resolution: those of the list, or of the formula without one. */
int sg_listed_channels_at(const sg_channel_list *list, int channel_base, int channel_max,
                          int resolution);
#define SG_CHANNELS_AT(config, resolution)                                                         \
    sg_listed_channels_at(&(config)->channel_list, (config)->channel_base, (config)->channel_max,  \
                          resolution)

#endif
