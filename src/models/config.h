/*
 * What a network is built from, as plain data. Field names are the official keyword names, so that
 * JSON and structs map one to one (models/config_json.h).
 */
#ifndef SG_MODELS_CONFIG_H
#define SG_MODELS_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "nn/norm_layer.h"
#include "ops/activation.h"

/* Kinds of networks (models/family.h has what is known of each). */
typedef enum sg_family {
    SG_STYLEGAN2,
    SG_STYLEGAN3,
    SG_STYLEGAN1,
    SG_PROGAN,
    SG_DCGAN,
    SG_FAMILY_COUNT
} sg_family;

/* How blocks are joined (Karras et al. 2020, figure 7). */
typedef enum sg_architecture {
    SG_ARCHITECTURE_ORIG,
    SG_ARCHITECTURE_SKIP,
    SG_ARCHITECTURE_RESNET
} sg_architecture;

/* "orig", "skip", "resnet". */
const char *sg_architecture_name(sg_architecture architecture);

enum { SG_MAX_FILTER_TAPS = 16 };

/* The mapping network: z (and label) to w. */
typedef struct sg_mapping_config {
    int num_layers;           /* 8 */
    int embed_features;       /* label embedding's width; -1: w_dim */
    int layer_features;       /* hidden layers' width; -1: w_dim */
    sg_activation activation; /* lrelu */
    double lr_multiplier;     /* 0.01 */
    double w_avg_beta;        /* decay of the tracked average of w, 0.998 */
} sg_mapping_config;

/* What StyleGAN3's generator alone has (Karras et al. 2021, appendix A); cutoffs and stopbands are
 * in cycles across the picture. */
typedef struct sg_stylegan3_config {
    int num_layers;            /* 14, without the input and the colours */
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

/* Which resampling convolutions of a growing network do both in one. */
typedef enum sg_fused_scale {
    SG_FUSED_AUTO, /* those whose larger picture has 128 pixels or more on a side */
    SG_FUSED_ALWAYS,
    SG_FUSED_NEVER
} sg_fused_scale;

/* What the families that grow have, StyleGAN (Karras et al. 2018) and ProGAN (Karras et al. 2017).
 * Their `resample_filter` blurs after upsampling and before downsampling; one tap does nothing. */
typedef struct sg_growing_config {
    sg_fused_scale fused_scale; /* auto; of ProGAN, always */
    int truncation_cutoff;      /* 8: inputs that generating truncates unless told otherwise; -1:
                                   all, which is ProGAN's */
} sg_growing_config;

/* A generator of any family; fields of other families are ignored. */
typedef struct sg_generator_config {
    sg_family family;                 /* StyleGAN2 */
    int z_dim, c_dim, w_dim;          /* 512, 0, 512; of ProGAN and DCGAN, w_dim is z_dim + c_dim */
    int img_resolution, img_channels; /* 256, 3 */
    int base_height, base_width;      /* 4, 4: the constant's size; the picture is
                                         base * img_resolution / 4 in each direction */
    int channel_base, channel_max;    /* 32768, 512: channels at resolution r are
                                         min(channel_base / r, channel_max) */
    sg_architecture architecture;     /* skip */
    double conv_clamp;                /* -1: none; of StyleGAN3, 256 */
    bool use_noise;                   /* true; of StyleGAN3 and ProGAN, false */
    sg_activation activation;         /* lrelu */
    int filter_taps;                  /* 4 */
    float resample_filter[SG_MAX_FILTER_TAPS]; /* 1, 3, 3, 1; of StyleGAN, 1, 2, 1; of ProGAN, 1 */
    sg_mapping_config mapping;                 /* of StyleGAN3, 2 layers; of ProGAN, none */
    sg_stylegan3_config stylegan3;
    sg_growing_config growing;
} sg_generator_config;

/* A discriminator of any family; fields of other families are ignored. */
typedef struct sg_discriminator_config {
    sg_family family;                 /* StyleGAN2, which is StyleGAN3's too */
    int c_dim;                        /* 0 */
    int img_resolution, img_channels; /* 256, 3 */
    int base_height, base_width;      /* 4, 4 */
    int channel_base, channel_max;    /* 32768, 512 */
    sg_architecture architecture;     /* resnet */
    double conv_clamp;                /* -1 */
    int cmap_dim;                     /* label mapping's width; -1: channels at 4x4 */
    sg_activation activation;         /* lrelu */
    int filter_taps;
    float resample_filter[SG_MAX_FILTER_TAPS];
    int mbstd_group_size;   /* 4; 0: the whole batch */
    int mbstd_num_channels; /* 1; 0: no minibatch standard deviation */
    sg_mapping_config mapping;
    sg_growing_config growing;
    sg_norm_kind norm; /* of DCGAN: batch */
} sg_discriminator_config;

/* The official defaults, as noted beside the fields; of StyleGAN2, or of a family. */
sg_generator_config sg_generator_config_default(void);
sg_generator_config sg_generator_config_of_family(sg_family family);
sg_discriminator_config sg_discriminator_config_default(void);
sg_discriminator_config sg_discriminator_config_of_family(sg_family family);

/* Whether networks of the family grow: have a current level of detail. */
bool sg_family_grows(sg_family family);

/* Whether w of the family comes from a mapping network; else it is z and the label side by side. */
bool sg_family_maps(sg_family family);

/* Sets w_dim from z_dim and c_dim where w comes from no mapping network. */
void sg_generator_config_settle_w(sg_generator_config *config);

/* The width of the embedding of labels, where there are labels; 0: they are taken as they are. */
int sg_embedding_width(const sg_generator_config *config);

/* min(channel_base / resolution, channel_max). */
int sg_channels_at(int channel_base, int channel_max, int resolution);

#endif
