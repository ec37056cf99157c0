/* One w under many noises, and with noise in some layers only: the work of `variation`. */
#ifndef SG_PICTURES_NOISE_VARIATION_H
#define SG_PICTURES_NOISE_VARIATION_H

#include "pictures/layer_ranges.h"
#include "pictures/picture_set.h"

/* Which layers have noise. */
typedef enum sg_noise_layers {
    SG_NOISE_IN_ALL,
    SG_NOISE_IN_NO,
    SG_NOISE_IN_FINE,
    SG_NOISE_IN_COARSE,
    SG_NOISE_IN_LISTED /* those of a list */
} sg_noise_layers;

/* The names: "all", "none", "fine", "coarse", which a list of numbers has not. */
extern const sg_choices sg_noise_layer_choices;

/* A square part of the pictures, in pixels; side 0: the whole picture. */
typedef struct sg_variation_crop {
    size_t left, top, side;
} sg_variation_crop;

/* How to paint the seeds of a work. */
typedef struct sg_variation_options {
    int layers;                             /* sg_noise_layers: with noise, in the realisations */
    sg_number_list listed;                  /* the layers of SG_NOISE_IN_LISTED */
    sg_layer_range ranges[SG_NOISE_RANGES]; /* coarse and fine */
    int samples;                            /* realisations of noise, 1 .. SG_DEVIATION_LIMIT */
    int shown;                              /* of them in the figure, at most `samples` */
    sg_variation_crop crop;                 /* what the figure shows of them */
    double scale; /* levels of the map for each level of standard deviation */
} sg_variation_options;

/* Standard deviations of a seed's pixels, in levels of 0 to 255. */
typedef struct sg_variation_summary {
    double largest, mean;
} sg_variation_summary;

/* Fails with SG_ERROR_ARGUMENT unless the generator has all the layers of the list. */
sg_status sg_variation_check(const sg_variation_options *options, const sg_generator *generator,
                             sg_error *error);

/*
 * Writes for every seed FOLDER/seedNNNN.png, the first realisation, FOLDER/seedNNNN-std.png, the
 * map of standard deviations (image/deviation.h), and FOLDER/seedNNNN-noise-LAYERS.png, the first
 * realisation with noise in all, no, fine and coarse layers, and in those of the list if there is
 * one (-listed); with work->singles,
 * FOLDER/seedNNNN-noiseNNN.png, all realisations. Puts them together, a row for each seed, in
 * FOLDER/variation.png (picture, realisations, map) and FOLDER/noise-layers.png (the latter, and
 * below them, unless the work is plain, how they differ from that without noise, times the scale).
 * Realisation i of a seed depends neither on their number nor on other seeds; the first is the
 * picture of `generate
 * --noise-mode random`. Fills `summaries` [seeds]. `work` is prepared.
 */
sg_status sg_variation(const sg_picture_work *work, const sg_variation_options *options,
                       sg_variation_summary *summaries, const sg_watch *watch, sg_error *error);

#endif
