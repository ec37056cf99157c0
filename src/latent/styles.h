/*
 * The styles of a picture (w for every input of the synthesis network) from a seed, a latent or w,
 * truncated. They are computed for one picture at a time: in a batch, libraries split sums
 * differently, so a picture's last bits would depend on its neighbours; and on a CPU a batch is no
 * faster.
 */
#ifndef SG_LATENT_STYLES_H
#define SG_LATENT_STYLES_H

#include <limits.h>

#include "models/generator.h"

/* The label of a picture; only conditional generators use it. */
typedef struct sg_style_label {
    int class_index;     /* 0 .. c_dim - 1 */
    const float *values; /* [c_dim]: numbers in place of a class; NULL: the class; borrowed */
} sg_style_label;

/* Returns the w [1, w_dim] of a latent z (z_dim numbers). NULL (error in the context) on failure.
 */
sg_tensor *sg_map_latent(sg_generator *generator, const float *z, sg_style_label label);

/* The source of a picture's styles; everything is borrowed. */
typedef struct sg_style_source {
    const float *ws; /* [num_ws, w_dim]: the styles; NULL: from `z` */
    const float *z;  /* [z_dim]: the latent; NULL: that of `seed` */
    uint32_t seed;
    sg_style_label label;
} sg_style_source;

/* The cutoff that truncates all inputs. */
enum { SG_ALL_INPUTS = INT_MAX };

/* The truncation of styles. */
typedef struct sg_truncation {
    double psi;                    /* 1: not at all */
    int cutoff;                    /* inputs below it are truncated; negative: the default of the
                                      network's programs, 8 inputs of StyleGAN's, all of others */
    const sg_style_source *center; /* the styles for psi 0, borrowed; NULL: the average w */
} sg_truncation;

/* Returns the cutoff that a truncation has for the generator: a number of inputs, or negative for
 * all. */
int sg_truncation_cutoff(const sg_generator *generator, const sg_truncation *truncation);

/* Returns the styles, [1, num_ws, w_dim]; NULL (error in the context) on failure. */
sg_tensor *sg_styles(sg_generator *generator, const sg_style_source *source,
                     const sg_truncation *truncation);

#endif
