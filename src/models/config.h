/*
 * What a network is built from, as plain data. Field names are the official keyword names, so that
 * JSON and structs map one to one (models/config_json.h).
 */
#ifndef SG_MODELS_CONFIG_H
#define SG_MODELS_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "ops/activation.h"

/* How blocks are joined (Karras et al. 2020, figure 7). */
typedef enum sg_architecture {
    SG_ARCHITECTURE_ORIG,
    SG_ARCHITECTURE_SKIP,
    SG_ARCHITECTURE_RESNET
} sg_architecture;

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

/* StyleGAN2's generator. */
typedef struct sg_generator_config {
    int z_dim, c_dim, w_dim;                   /* 512, 0, 512 */
    int img_resolution, img_channels;          /* 256, 3 */
    int base_height, base_width;               /* 4, 4: the constant's size; the picture is
                                                  base * img_resolution / 4 in each direction */
    int channel_base, channel_max;             /* 32768, 512: channels at resolution r are
                                                  min(channel_base / r, channel_max) */
    sg_architecture architecture;              /* skip */
    double conv_clamp;                         /* -1: none */
    bool use_noise;                            /* true */
    sg_activation activation;                  /* lrelu */
    int filter_taps;                           /* 4 */
    float resample_filter[SG_MAX_FILTER_TAPS]; /* 1, 3, 3, 1 */
    sg_mapping_config mapping;
} sg_generator_config;

/* StyleGAN2's discriminator. */
typedef struct sg_discriminator_config {
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
} sg_discriminator_config;

/* The official defaults, as noted beside the fields. */
sg_generator_config sg_generator_config_default(void);
sg_discriminator_config sg_discriminator_config_default(void);

/* min(channel_base / resolution, channel_max). */
int sg_channels_at(int channel_base, int channel_max, int resolution);

#endif
