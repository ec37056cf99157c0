/*
 * Figures of a network's latents: how w is distributed, how far pictures change on walks through z
 * and w, and how one attribute drags another along in each.
 */
#ifndef SG_PICTURES_DIRECTIONS_LATENT_FIGURES_H
#define SG_PICTURES_DIRECTIONS_LATENT_FIGURES_H

#include "base/numpy_random.h"
#include "base/watch.h"
#include "edit/directions/attributes.h"
#include "image/image.h"

/* What is analysed; everything is borrowed. */
typedef struct sg_latent_analysis {
    sg_generator *generator;
    sg_style_label label;
    uint32_t seed;                   /* of the latents, RandomState(seed).randn(samples, z_dim) */
    size_t samples;                  /* latents; more than w_dim */
    size_t walks, steps;             /* walks between two of them, and pictures on each less 1 */
    const sg_attributes *attributes; /* for the entanglement; NULL elsewhere */
    size_t asked[2];                 /* the attribute that is moved, and another */
} sg_latent_analysis;

/* How w is spread. */
typedef struct sg_latent_spread {
    double kurtosis[2];   /* excess, of the components of w, and of whitened inverse w; normal: 0 */
    double dimensions[2]; /* (sum of variances)^2 / sum of their squares, of w and of inverse w */
} sg_latent_spread;

/*
 * Draws the distribution of w and of w in the space where it is near a normal one: before the last
 * leaky ReLU of the mapping network, where negative numbers are 1 / 0.2 times as large, rotated and
 * scaled to unit variance (Zhu et al. 2020, "Improved StyleGAN embedding: where are the good
 * latents?"). *image is NULL on failure. Fails with SG_ERROR_ARGUMENT unless there are more samples
 * than w_dim, and as the network does.
 */
sg_status sg_latent_spread_draw(const sg_latent_analysis *analysis, sg_latent_spread *found,
                                sg_image **image, sg_error *error);

/* How far pictures change on the way between two latents, in levels of 0 to 255 (root mean
 * square). */
typedef struct sg_latent_paths {
    double lengths[3]; /* mean of all steps' sum: on great circles and straight lines of z, and on
                          straight lines of w */
    double direct;     /* mean difference of the ends */
    double uneven[3];  /* the fastest step over the mean step, mean of all walks */
} sg_latent_paths;

/* Draws how fast pictures change on walks. Fails as the network does, or with
 * SG_ERROR_CANCELLED. */
sg_status sg_latent_paths_draw(const sg_latent_analysis *analysis, const sg_watch *watch,
                               sg_latent_paths *found, sg_image **image, sg_error *error);

/* What a move of one sigma along the boundary of the first attribute changes in z and in w: the
 * logarithm of the odds of both. */
typedef struct sg_latent_entanglement {
    double slopes[2][2]; /* [z, w][first, second attribute] */
    double accuracy[2];  /* of the boundaries of z and of w, on samples held back */
} sg_latent_entanglement;

/*
 * Finds the boundary of the first attribute in z and in w by the same samples, moves `walks` of
 * them along both normals by -3 to 3 sigmas, and draws the mean probabilities of both attributes.
 * Fails as sg_boundary_train and the networks do, or with SG_ERROR_CANCELLED.
 */
sg_status sg_latent_entanglement_draw(const sg_latent_analysis *analysis, const sg_watch *watch,
                                      sg_latent_entanglement *found, sg_image **image,
                                      sg_error *error);

/* Draws `count` latents of a seed, rows of RandomState(seed).randn(count, z_dim), to z, and maps
 * one to w. Failures of the latter are in the context. */
void sg_latents_draw(uint32_t seed, size_t count, size_t z_dim, double *z);
bool sg_latent_map(const sg_latent_analysis *analysis, const double *z, double *w);

#endif
