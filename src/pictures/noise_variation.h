/* One w under many noises, and with noise in some layers alone: the work of `variation`. */
#ifndef SG_PICTURES_NOISE_VARIATION_H
#define SG_PICTURES_NOISE_VARIATION_H

#include "base/number_list.h"
#include "latent/styles.h"
#include "pictures/layer_ranges.h"
#include "pictures/picture_network.h"

/* Which layers have noise. */
typedef enum sg_noise_layers {
    SG_NOISE_IN_ALL,
    SG_NOISE_IN_NO,
    SG_NOISE_IN_FINE,
    SG_NOISE_IN_COARSE,
    SG_NOISE_LAYERS_COUNT
} sg_noise_layers;

/* "all", "none", "fine", "coarse". */
const char *sg_noise_layers_name(sg_noise_layers layers);

/* A square part of the pictures, in pixels; of no size: the whole. */
typedef struct sg_variation_crop {
    size_t left, top, side;
} sg_variation_crop;

/* What to paint and where to; everything is borrowed. */
typedef struct sg_variation_options {
    const sg_number_list *seeds; /* one or more */
    const char *seeds_text;      /* as they were given, for the remarks in the files */
    int class_index;             /* 0 .. c_dim - 1; not read without c_dim */
    sg_truncation truncation;
    sg_noise_mode noise_mode;
    sg_noise_layers layers;                 /* with noise, in the realisations */
    sg_layer_range ranges[SG_NOISE_RANGES]; /* coarse and fine */
    size_t samples;                         /* realisations of noise, 1 .. SG_DEVIATION_LIMIT */
    size_t shown;                           /* of them in the figure, at most `samples` */
    sg_variation_crop crop;                 /* what the figure shows of them */
    double scale;          /* levels of the map for each level of standard deviation */
    bool singles;          /* write every realisation by itself too */
    bool plain;            /* figures without labels, gaps and enlargement */
    const char *folder;    /* exists */
    const sg_watch *watch; /* NULL: nobody */
} sg_variation_options;

/* What was found about the pixels of a seed, in levels of 0 to 255. */
typedef struct sg_variation_summary {
    double largest, mean; /* standard deviation */
} sg_variation_summary;

/*
 * Writes for every seed FOLDER/seedNNNN.png, the first realisation, FOLDER/seedNNNN-std.png, the
 * map of standard deviations (image/deviation.h), and FOLDER/seedNNNN-noise-LAYERS.png, the first
 * realisation with noise in all, no, fine and coarse layers; with `singles`,
 * FOLDER/seedNNNN-noiseNNN.png, all realisations. Puts them together, a row for each seed, in
 * FOLDER/variation.png (picture, realisations, map) and FOLDER/noise-layers.png. Realisation i of a
 * seed depends neither on their number nor on other seeds; the first is the picture of `generate
 * --noise-mode random`. `summaries` [seeds] is filled. Shows progress on standard error. The
 * network's generator is loaded.
 */
sg_status sg_variation(const sg_picture_network *network, const sg_variation_options *options,
                       sg_variation_summary *summaries, sg_error *error);

#endif
