/* The configs of encoders as plain data, and from and to JSON. */
#ifndef SG_MODELS_ENCODER_ENCODER_CONFIG_H
#define SG_MODELS_ENCODER_ENCODER_CONFIG_H

#include <cjson/cJSON.h>

#include "base/choices.h"
#include "base/error.h"

/* What is made of the maps of features. */
typedef enum sg_encoder_kind {
    SG_ENCODER_PSP, /* a code for each input of the synthesis (Richardson et al. 2021) */
    SG_ENCODER_E4E, /* one code, and differences from it (Tov et al. 2021) */
    SG_ENCODER_W    /* one code for all inputs */
} sg_encoder_kind;

/* "psp", "e4e", "w". */
extern const sg_choices sg_encoder_choices;

enum {
    SG_ENCODER_STAGES = 4,
    SG_ENCODER_SMALLEST = 32, /* of pictures: the last map has a sixteenth of their side */
    SG_ENCODER_LARGEST = 1024,
    SG_ENCODER_MOST_UNITS = 64, /* of a stage */
    SG_ENCODER_MOST_WS = 64,
    SG_ENCODER_MAPS = 3 /* of features, the largest first */
};

/* An encoder: residual units with squeeze and excitation, then a block of layers for each code. */
typedef struct sg_encoder_config {
    sg_encoder_kind kind;
    int img_resolution;            /* side of the square pictures, a power of two; 256 */
    int img_channels;              /* 3 */
    int stem_width;                /* channels after the first layer; 64 */
    int widths[SG_ENCODER_STAGES]; /* channels of each stage; 64, 128, 256, 512 */
    int units[SG_ENCODER_STAGES];  /* of each stage, the first of which halves the size; 3, 4, 14,
                                      3 */
    int se_reduction;              /* channels over those within squeeze and excitation; 0: none */
    int style_width;               /* channels within the blocks of codes; 0: w_dim, as published */
    int num_ws, w_dim;             /* of the generator whose w are told */
    int coarse, middle; /* codes below them are of the last map, of the one before; 3, 7 */
} sg_encoder_config;

/* Returns the published sizes with 18 codes of 512 numbers. */
sg_encoder_config sg_encoder_config_default(sg_encoder_kind kind);

/* Fails with SG_ERROR_ARGUMENT and a sentence for sizes that do not go together. */
sg_status sg_encoder_config_check(const sg_encoder_config *config, sg_error *error);

/* Reads init_kwargs; absent keywords keep the published values. Fails as the check does, or for
 * keywords that are not known; *config is unchanged then. */
sg_status sg_encoder_config_from_json(const cJSON *init_kwargs, sg_encoder_config *config,
                                      sg_error *error);

/* Returns the init_kwargs object (the caller deletes it); NULL on lack of memory. */
cJSON *sg_encoder_config_to_json(const sg_encoder_config *config);

/* Returns a lower bound on the number of weights, so that a small file cannot ask for a huge
 * network. */
double sg_encoder_config_values(const sg_encoder_config *config);

#endif
